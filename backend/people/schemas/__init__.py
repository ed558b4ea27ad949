"""Shapes of people on the wire."""
