"""Drafting: what proposes, and leaves it to a person to decide; examples to begin with among it."""
