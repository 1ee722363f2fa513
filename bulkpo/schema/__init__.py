"""Floor 2: what is known of Coupa's objects, and the rules checked against it."""
