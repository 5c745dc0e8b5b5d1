"""Reports: on a session (the timeline), on all of them (tables, plots, the sheet for a professional), on the
rules of care, and on this computer (the health checks)."""
