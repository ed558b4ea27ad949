"""What the clock does by itself: reminders, and freezing who owed a report."""
