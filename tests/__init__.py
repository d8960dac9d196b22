"""Claims about the service, in three storeys."""
