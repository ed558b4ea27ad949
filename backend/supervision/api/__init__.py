"""Routes of supervision."""
