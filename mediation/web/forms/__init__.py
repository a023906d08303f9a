"""What was typed into a form, as text, in the shape that the domain reads."""
