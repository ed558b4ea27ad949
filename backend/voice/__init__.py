"""Residents' voice: ratings by their own token, what a low one starts, and complaints (rules 10.2, 10.3, 10.5)."""
