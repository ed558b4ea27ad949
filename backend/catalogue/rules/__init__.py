"""What is allowed in the catalogue: pure."""
