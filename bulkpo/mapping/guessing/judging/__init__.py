"""A whole table judged: of orders, of lines side by side, of suppliers; and tables that belong together."""
