"""Tables, queries and the constant texts that a step writes: SQLAlchemy, no Flask (db.py excepted)."""
