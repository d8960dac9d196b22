"""Claims about the whole service."""
