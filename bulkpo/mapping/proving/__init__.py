"""Blocks of text proved clean as bytes, many rows at once, by numpy; what is not proved is judged as ever."""
