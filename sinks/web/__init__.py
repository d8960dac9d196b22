"""The page and the API: what people and programs read, from PostgreSQL only."""
