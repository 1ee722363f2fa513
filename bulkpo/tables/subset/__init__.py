"""A copy of the input with only some of its rows."""
