"""The workflow machine: reads charts, decides acts, counts periods.  Knows no law, no web, no database."""
