"""The workflow machine: reads charts, decides acts, counts periods.  Knows no labour law, no web, no database."""
