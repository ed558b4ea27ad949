"""Walking every address that can be read, to see that what somebody may not know of changes nothing for him."""
import re
from collections.abc import Iterable
from typing import Any

from tests import cast
from tests.guards.test_who_may import address

UNWALKED = ("/metrics",)
"""Figures of the process itself, which our own walking moves; looked at apart."""
PASSING = {"Date", "Ledger-Receipt"}
"""The time of day; and the receipt of an export, whose number counts whatever anybody wrote (docs/decisions/0217)."""

FEED = "/sync/changes"
_COUNTS = re.compile(rb'"seq":\d+|"cursor":"[^"]*"')
"""In the phones' feed the ledger's number, which counts whatever anybody wrote as well."""

Seen = dict[tuple[str, str], tuple[int, list[tuple[str, str]], bytes]]


def rules(app: Any) -> list[str]:
    """Every address that answers GET."""
    found = {str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return sorted(found - set(UNWALKED))


def walk(app: Any, callers: dict[str, cast.Caller], names: dict[str, Any], more: Iterable[str] = ()) -> Seen:
    """Status, headers (ETags among them) and body of each address to each caller."""
    paths = [address(rule.removeprefix("/api/v1"), names) for rule in rules(app) if rule.startswith("/api/v1")]
    doors = [re.sub(r"<[^>]+>", "1", rule) for rule in rules(app) if not rule.startswith("/api/v1")]
    found: Seen = {}
    for who, caller in callers.items():
        for path in (*paths, *more):
            found[who, path] = seen(path, caller.get(path))
    found |= {("anybody", path): seen(path, app.test_client().get(path)) for path in doors}
    return found


def seen(path: str, answer: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of an answer, but for what counts whatever anybody wrote."""
    passing, body = PASSING, answer.data
    if path == FEED:
        passing, body = PASSING | {"Content-Length"}, _COUNTS.sub(b"", body)
    return answer.status_code, sorted(header for header in answer.headers if header[0] not in passing), body


def differing(before: Seen, after: Seen) -> list[tuple[str, str, Any, Any]]:
    """Where somebody was answered otherwise, and how."""
    return [(*place, before[place], after[place]) for place in after if before[place] != after[place]]
