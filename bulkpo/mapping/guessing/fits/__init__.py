"""How well the cells of a column fit a meaning: numbers, codes, names, terms, parts of an address."""
