"""Floor 3: the durable record of runs."""
