"""Files of events and documents, read and judged without a stream: what `judge`, `send` and the check of the API use."""
