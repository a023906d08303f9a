"""Pages and forms: the only package, beside app.py, that knows Flask."""
