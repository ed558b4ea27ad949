"""Errands from mandate to delivery."""
