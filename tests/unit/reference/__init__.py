"""Claims about reference data."""
