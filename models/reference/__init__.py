"""Reference data: who buys, from whom, under what, since when; looked up by day."""
