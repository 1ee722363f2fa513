"""Actions on lists: closing, cancelling, issuing, reopening and releasing orders that are in Coupa."""
