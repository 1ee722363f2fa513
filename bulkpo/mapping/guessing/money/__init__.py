"""Which columns are quantity, price and amount: by what multiplies, and never by a name alone."""
