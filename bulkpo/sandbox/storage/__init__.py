"""Where the sandbox keeps its documents."""
