"""A file nobody has mapped, looked at: its sheets, its headings, rows of several types, and what is beside them."""
