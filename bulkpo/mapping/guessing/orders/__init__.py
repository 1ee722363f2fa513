"""How the rows make orders: what numbers them, what lines share, and which rows are none."""
