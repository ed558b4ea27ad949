"""Shapes of disclosure."""
