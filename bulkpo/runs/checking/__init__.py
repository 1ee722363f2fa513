"""A file checked before anything is sent."""
