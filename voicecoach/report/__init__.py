"""What is told about sessions and about this computer: the timeline, and the health checks."""
