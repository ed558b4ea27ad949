"""Pages and printed matter."""
