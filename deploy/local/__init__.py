"""Everything a laptop or a test needs: an embedded Kafka, an embedded PostgreSQL, and what starts them all."""
