"""The sandbox as a server: connections, tokens, routes, faults on demand."""
