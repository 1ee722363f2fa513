"""From rows to documents: values, groups, lines, and proofs that they are sound."""
