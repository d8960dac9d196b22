"""The page and the API, on a real PostgreSQL and in a real browser."""
