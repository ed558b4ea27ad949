"""What can be seen of home visits."""
