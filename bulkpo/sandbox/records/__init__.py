"""What the sandbox keeps and what can be done with it: orders, references, and what is worked out."""
