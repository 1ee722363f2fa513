"""Floor 4: an embedded stand-in for a Coupa instance. It shares no code with the client, so it can bear witness."""
