"""What phones, and those who watch over them, can see."""
