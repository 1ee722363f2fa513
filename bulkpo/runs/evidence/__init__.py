"""Evidence of a run: a pack that an auditor can keep, read and check without bulkpo."""
