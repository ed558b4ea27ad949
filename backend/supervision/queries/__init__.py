"""What of supervision can be seen, and by whom."""
