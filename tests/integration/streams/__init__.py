"""The streaming machinery against a real Kafka."""
