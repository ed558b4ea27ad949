"""What can be done to people's accounts, sessions and records."""
