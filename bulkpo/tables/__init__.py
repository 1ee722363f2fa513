"""Floor 3: rows in, sheets out."""
