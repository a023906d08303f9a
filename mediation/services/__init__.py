"""What the office does, one verb a function: takes a session, never commits."""
