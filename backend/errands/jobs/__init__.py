"""What the clock does to errands."""
