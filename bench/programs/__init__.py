"""The programs that stand beside the service: what others would write for the same job."""
