"""Floor 2: where-clauses and Coupa's query strings."""
