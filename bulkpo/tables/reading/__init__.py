"""Rows in: titles, encodings, delimited text, joined tables, and what is odd about a file."""
