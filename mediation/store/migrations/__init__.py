"""Alembic migrations: one change each, four-digit names, up and down."""
