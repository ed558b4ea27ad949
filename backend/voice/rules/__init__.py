"""Residents' voice: what is allowed with ratings, rectifications and complaints. Pure."""
