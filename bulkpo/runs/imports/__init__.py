"""Orders into Coupa: planned, looked up, delivered, settled, told."""
