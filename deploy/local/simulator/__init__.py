"""A simulated ERP of one invented municipality: its reference data, its history and its live purchases."""
