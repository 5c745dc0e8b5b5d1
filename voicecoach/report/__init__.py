"""Reports on a session (the timeline) and on this computer (the health checks)."""
