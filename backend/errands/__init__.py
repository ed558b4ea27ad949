"""Errands (代办件): from mandate to delivery."""
