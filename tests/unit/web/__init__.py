"""The pure parts of the page and the API."""
