"""What can be seen of appointments."""
