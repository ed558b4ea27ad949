"""The outbox as its jobs see it; nothing of this is shown to anybody."""
from typing import Any, NamedTuple

import orjson

from backend.core import moves, secrets, sql
from backend.notifications import rules
from backend.notifications.rules import templates

ADDRESS, VALUES = "notice|address|", "notice|values|"

_DUE = """
SELECT * FROM (SELECT * FROM notice WHERE audience = ? AND state = 'waiting' AND next_at <= ?
               ORDER BY next_at, id LIMIT ?) AS waiting
UNION ALL
SELECT * FROM (SELECT * FROM notice WHERE audience = ? AND state = 'sending' AND next_at <= ?
               ORDER BY next_at, id LIMIT ?) AS left_behind
"""
_ANY_DUE = """
SELECT 1 FROM notice WHERE audience = ? AND state = 'waiting' AND next_at <= ?
UNION ALL SELECT 1 FROM notice WHERE audience = ? AND state = 'sending' AND next_at <= ? LIMIT 1
"""
_ROW = "SELECT * FROM notice WHERE id = ?"
_BY_PROVIDER = "SELECT * FROM notice WHERE provider_id = ? ORDER BY id DESC LIMIT 1"
_SILENT = """
SELECT * FROM notice WHERE audience = ? AND state = ? AND next_at <= ? AND made_at > ? ORDER BY next_at, id LIMIT ?
"""
_OVER = """
SELECT id FROM notice WHERE audience = ? AND state = ? AND next_at <= ? AND made_at <= ? ORDER BY next_at, id LIMIT ?
"""


def _locked(text: str, lock: bool) -> str:
    return text + sql.held(lock)


def row(notice_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """A notice's row as stored."""
    return sql.row(_locked(_ROW, lock), (notice_id,))


def by_provider(provider_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """The notice that a gateway calls so."""
    return sql.row(_locked(_BY_PROVIDER, lock), (provider_id,))


def due(audience: str, now: int, limit: int) -> list[dict[str, Any]]:
    """Notices to be tried, and those whose sender died, the oldest first."""
    found = sql.rows(_DUE, (audience, now, limit, audience, now, limit))
    return sorted(found, key=lambda each: (each["next_at"], each["id"]))


def any_due(audience: str, now: int) -> bool:
    """Whether there is anything to be sent."""
    return sql.value(_ANY_DUE, (audience, now, audience, now)) is not None


def silent(now: int, kept_since: int, limit: int) -> list[dict[str, Any]]:
    """Residents' notices that were sent and whose receipt is overdue."""
    return sql.rows(_SILENT, (rules.RESIDENT, rules.SENT, now, kept_since, limit))


def forgettable(now: int, kept_since: int, limit: int) -> list[str]:
    """Notices that are over so long that nothing sealed need stand in them."""
    found: list[str] = []
    for audience in rules.AUDIENCES:
        for state in (rules.SENT, *rules.ENDS):
            found += [row[0] for row in sql.execute(_OVER, (audience, state, now, kept_since, limit)).fetchall()]
    return found[:limit]


def moved(found: dict[str, Any], verb: str) -> str:
    """The state that a verb leads this notice to; IllegalMove."""
    return moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)


def address(found: dict[str, Any]) -> str:
    """Where it goes: a resident's number, or the account itself."""
    sealed = found["address_sealed"]
    return found["recipient_id"] if sealed is None else secrets.unseal(sealed, ADDRESS + found["id"])


def values(found: dict[str, Any]) -> dict[str, str]:
    """What it tells; nothing once it was forgotten."""
    sealed = found["values_sealed"]
    return {} if sealed is None else dict(orjson.loads(secrets.unseal(sealed, VALUES + found["id"])))


def wording(found: dict[str, Any], *, english: bool = False) -> str:
    """The notice in words."""
    return templates.text(templates.one(found["template"]), values(found), english=english)


class Figures(NamedTuple):
    """How the outbox stands: notices by state that want something, and since when the oldest is due."""

    depth: dict[str, int]
    oldest_due: int | None


_DEPTH = "SELECT count(*) FROM notice WHERE audience = ? AND state = ?"
_OLDEST = "SELECT min(next_at) FROM notice WHERE audience = ? AND state = 'waiting'"


def figures() -> Figures:
    """Counts of what is open, never of what is over; microseconds of the oldest moment that waits."""
    depth = {
        state: sum(sql.value(_DEPTH, (audience, state)) for audience in rules.AUDIENCES)
        for state in rules.OPEN_STATES
    }
    oldest = [sql.value(_OLDEST, (audience,)) for audience in rules.AUDIENCES]
    return Figures(depth, min((moment for moment in oldest if moment is not None), default=None))
