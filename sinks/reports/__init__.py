"""Monthly reports, frozen once made."""
