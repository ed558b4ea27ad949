"""Wire shapes of the calendar and of cards."""
