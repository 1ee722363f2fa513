"""Floor 1: the words everything else is said in. Pure: no file, network, clock or randomness."""
