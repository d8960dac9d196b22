"""What the page and the API ask the database: each module one question, answered with frozen values."""
