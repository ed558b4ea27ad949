"""The working-day calendar and the clocks that run on it."""
