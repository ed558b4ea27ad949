"""Wire shapes of home visits."""
