"""Query results into files."""
