"""Templates: what they have, made from a mapping or the usual headings, and known again."""
