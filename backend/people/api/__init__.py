"""Routes of people: sign-in, one's own account, staff, residents."""
from backend.people.api import accounts, me, posts, residents, rosters, sessions
from backend.people.api.blueprint import blp

__all__ = ["accounts", "blp", "me", "posts", "residents", "rosters", "sessions"]
