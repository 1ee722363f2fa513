"""What each column is by its name and its cells, with what an instance has: the likeliest, or several."""
