"""Routes of people: sign-in, one's own account, staff, residents."""
from backend.people.api import accounts, me, residents, sessions
from backend.people.api.blueprint import blp

__all__ = ["accounts", "blp", "me", "residents", "sessions"]
