"""What docs/ says of rules, topics and settings, written from the things themselves."""
