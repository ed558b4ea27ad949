"""What the clock does with appointments."""
