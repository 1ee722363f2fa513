"""A mapping guessed of files: what is known before, what an instance has, the judgement, and what is refused."""
