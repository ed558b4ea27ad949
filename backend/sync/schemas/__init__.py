"""Shapes of the phones on the wire."""
