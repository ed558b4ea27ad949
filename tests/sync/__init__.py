"""The phones."""
