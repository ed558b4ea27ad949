"""The blueprint that all routes of the phones are declared on."""
from backend.core import http
from backend.errands import rules

blp = http.Blueprint("sync", description="离线同步 · agents' phones without a signal")
TAKERS = rules.TAKERS
"""Who carries a phone: agents, operators, township offices."""
