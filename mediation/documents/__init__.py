"""Paper: from plain values to HTML, to PDF, to a signed PDF, and back to a verdict on a file."""
