"""The database sink: the tables, and the process that fills them."""
