"""Skeleton: being written."""

from flask import Blueprint

filing = Blueprint("filing", __name__)
