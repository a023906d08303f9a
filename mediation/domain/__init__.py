"""The rules of labour mediation in plain Python: no Flask, no database, no clock."""
