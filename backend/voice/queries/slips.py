"""Slips by which a resident rates: found by token, shown to who made one."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.core import clock, secrets, sql
from backend.core.actor import OPERATOR, Actor
from backend.core.problems import NotFound
from backend.errands.queries import cases
from backend.org import queries as units
from backend.voice.rules import ratings as rules

PURPOSE = "rating"
_BY_TOKEN = """
SELECT s.*, e.agent_id AS present_agent_id, e.state AS errand_state
FROM rating_slip s LEFT JOIN errand e ON e.id = s.errand_id
WHERE s.token_hash = ?
"""
_BY_ID = "SELECT * FROM rating_slip WHERE id = ?"
_OF_TOWNSHIP = "SELECT * FROM errand WHERE id = ? AND (unit_code = ? OR township_code = ?)"
_GOOD = """
SELECT id, expires_at FROM rating_slip WHERE errand_id = ? AND state = 'open' AND expires_at > ?
ORDER BY id DESC LIMIT 1
"""
_RATED = "SELECT id, round FROM rating WHERE errand_id = ? ORDER BY round"
_DONE = "SELECT id FROM rectification WHERE errand_id = ? AND state = 'done'"


def token(slip_id: str) -> str:
    """The slip's secret: made anew from its id whenever it is told."""
    return secrets.derived(PURPOSE, slip_id)


def of_token(given: str, *, lock: bool = False) -> dict[str, Any] | None:
    """The slip of a token, with who answers for the errand today and its state; None for a token of nobody's."""
    suffix = sql.held(lock, of="s")
    return sql.row(_BY_TOKEN + suffix, (secrets.hashed(given),))


def errand(errand_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The errand's own row, where the actor may have it rated; NotFound otherwise.

    As far as he reads, and an operator of the township centre also for the villages: there is nobody else there.
    """
    if actor.role != OPERATOR:
        return cases.row(errand_id, actor, lock=lock)
    suffix = sql.held(lock)
    found = sql.row(_OF_TOWNSHIP + suffix, (errand_id, actor.unit_code, actor.unit_code))
    if found is None:
        raise NotFound()
    return found


def due_round(errand_id: str) -> int:
    """Which rating comes next: the first, or the one that follows a rectification that is done. AlreadyRated."""
    rounds = [row["round"] for row in sql.plain(_RATED, (errand_id,))]
    if not rounds:
        return rules.FIRST
    if rules.FOLLOW_UP in rounds or sql.value(_DONE, (errand_id,)) is None:
        raise rules.AlreadyRated()
    return rules.FOLLOW_UP


def printed(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands on the slip of an errand that is good now; NotFound where there is none, OwnWork."""
    found = errand(errand_id, actor)
    rules.check_not_own(actor.id, found["agent_id"])
    made = sql.row(_GOOD, (errand_id, clock.to_micros(now)))
    if made is None:
        raise NotFound()
    item = catalogue.version(found["item_code"], found["item_number"])
    return {
        "number": found["number"], "item": item["name"], "unit": units.unit(found["unit_code"]),
        "token": token(made["id"]), "expires_at": made["expires_at"],
    }


def issued(slip_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What who made a slip is answered; once it was used, or another took its place, without its token."""
    found = sql.row(_BY_ID, (slip_id,))
    if found is None:
        raise NotFound()
    good = found["state"] == rules.OPEN
    return {"token": token(slip_id) if good else None} | {
        name: found[name] for name in ("id", "errand_id", "round", "channel", "expires_at")
    }
