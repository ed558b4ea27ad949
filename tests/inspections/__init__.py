"""Mystery visits."""
