"""The mapping files: read, checked, and held as values."""
