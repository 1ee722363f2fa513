"""Names under which a document keeps what no element of it says."""

DELETED = "deleted-lines"
"""Where an order keeps the lines that were removed from it; answers show them only if they are asked to."""
