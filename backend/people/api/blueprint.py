"""The blueprint that all routes of people are declared on."""
from backend.core import http
from backend.core.actor import ROLES

blp = http.Blueprint("people", description="人员与群众 · sign-in, accounts, residents")
STAFF = frozenset(ROLES)
