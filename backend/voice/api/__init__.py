"""Addresses of residents' voice."""
