"""What is known before anything is sent: the orders of a checked file, and what they meet in Coupa."""
