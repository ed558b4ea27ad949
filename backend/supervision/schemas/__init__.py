"""Supervision on the wire."""
