"""Random input by the million for every door: JSON events, UBL documents, rows of CSV files."""
