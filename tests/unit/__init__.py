"""Pure claims, in milliseconds."""
