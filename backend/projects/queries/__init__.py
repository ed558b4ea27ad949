"""What can be seen of key projects, and by whom."""
