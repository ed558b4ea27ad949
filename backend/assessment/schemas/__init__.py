"""Wire shapes of the assessment."""
