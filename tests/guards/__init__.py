"""Guards: tests that hold habits."""
