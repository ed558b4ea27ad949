"""Routes of the calendar, of cards, and of what a district decides itself."""
