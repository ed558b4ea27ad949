"""What people do with home visits."""
