"""The service under faults: real servers, a seeded schedule, and an oracle that decides what it must have come to."""
