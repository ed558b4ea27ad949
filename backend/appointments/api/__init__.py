"""Routes of appointments."""
