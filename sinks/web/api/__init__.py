"""The API under `/api/v1`: the same figures as the pages, as JSON, and each table as CSV."""
