"""Claims about one real part at a time."""
