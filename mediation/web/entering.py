"""Skeleton: being written."""

from flask import Blueprint

entering = Blueprint("entering", __name__)
