"""Routes of disclosure."""
