"""Public promises of departments and units, and what not keeping one leads to (issue 7.8). Pure."""
from backend.core.problems import Text

MISSED, FOUND = "missed", "found"
KINDS = (MISSED, FOUND)
KIND_NAMES = {MISSED: Text("到期未兑现", "its date passed"), FOUND: Text("查实未兑现", "found broken")}
