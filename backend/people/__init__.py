"""Accounts, sessions, residents."""
