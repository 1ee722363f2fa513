"""Columns that their names do not settle: by what the rows say, by their neighbours, or left open with a reason."""
