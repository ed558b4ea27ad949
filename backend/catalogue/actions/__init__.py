"""What an admin can do with the catalogue."""
