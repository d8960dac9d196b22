"""What in the streaming machinery is pure."""
