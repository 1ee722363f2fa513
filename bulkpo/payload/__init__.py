"""Floor 2: documents as XML and JSON, and back."""
