"""Floor 3: HTTP with a Coupa instance, and nothing of mappings."""
