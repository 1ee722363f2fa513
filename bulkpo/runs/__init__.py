"""Floor 4: what a user can ask for, one module per kind of run."""
