"""What a check found, as files people can open."""
