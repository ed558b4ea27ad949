"""Wire shapes of errands: what is taken, and what is shown."""
