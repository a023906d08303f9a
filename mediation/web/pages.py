"""All pages of this application, in one list."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach every blueprint, and what every request passes."""
