"""What can be seen of mystery visits, and by whom."""
