"""What the clock does by itself for appointments."""
