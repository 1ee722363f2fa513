"""Queries asked of the sandbox: read, narrowed down, tested, shown."""
