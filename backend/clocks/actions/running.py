"""Clocks of subjects: begun, stopped, extended, ended. Their projections are written here and nowhere else.

All join the transaction of the act that moves the clock, which holds the subject's row and records the change.
"""
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks.actions import giving
from backend.clocks.models import Clock, Suspension
from backend.clocks.queries import laying, running
from backend.clocks.rules import Halt
from backend.core import clock, ids, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict


def begin(
    subject_type: str, subject_id: str, kind: str, *, unit_code: str, budget_days: int, started_at: datetime,
    account_id: str | None, legal_days: int | None = None, department_code: str | None = None, part: int = 0,
    now: datetime,
) -> dict[str, Any]:
    """Begin a clock of ``budget_days`` working days at ``started_at``; the clock as it was laid."""
    found = {
        "id": ids.new(now), "subject_type": subject_type, "subject_id": subject_id, "kind": kind, "part": part,
        "unit_code": unit_code, "department_code": department_code, "account_id": account_id,
        "budget_days": budget_days, "extended_days": 0, "legal_days": legal_days, "started_at": started_at,
        "ended_at": None, "version": 1,
    }
    halts = running.halts(subject_type, subject_id)[subject_id]
    found |= laying.laid(found, halts, calendars.present())
    sql.insert(Clock, **found)
    return found


def has_moved(found: dict[str, Any], halts: Sequence[Halt], present: calendars.Present) -> bool:
    """Whether a clock's moments are no longer those that are stored."""
    new = laying.laid(found, halts, present)
    return any(new[name] != found[name] for name in ("due_at", "provisional", "moments"))


def lay_anew(subject_type: str, subject_id: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Bring the clocks of a subject that have not ended to the present calendar and stops: (old, new) of the moved."""
    halts = running.halts(subject_type, subject_id)[subject_id]
    present = calendars.present()
    moved, clocks = [], running.of(subject_type, subject_id, lock=True)
    given = laying.given([old["id"] for old in clocks])
    for old in clocks:
        if old["ended_at"] is None:
            new = old | laying.laid(old, halts, present, given[old["id"]])
            if new != old:
                _write(old, **{name: new[name] for name in ("due_at", "provisional", "moments", "next_at")})
                moved.append((old, new))
    return moved


def _write(found: dict[str, Any], **values: Any) -> None:
    if not sql.amend(Clock, found["id"], found["version"], **values):
        raise Conflict()


def suspend(
    subject_type: str, subject_id: str, *, reason: str, notice: str, actor: Actor, now: datetime
) -> int:
    """Stop all clocks of a subject from now on (art. 45); the suspension's number. The subject's state guards it."""
    _settle(running.of(subject_type, subject_id, lock=True), now)
    before = running.suspensions(subject_type, subject_id)[subject_id]
    number = len(before) + 1
    sql.insert(
        Suspension, id=ids.new(now), subject_type=subject_type, subject_id=subject_id, n=number, reason=reason,
        notice=notice, account_id=actor.id, from_at=now,
    )
    lay_anew(subject_type, subject_id)
    return number


def resume(subject_type: str, subject_id: str, *, restart: bool, now: datetime) -> int:
    """Let the clocks of a subject run on, or with ``restart`` begin their whole budget anew; its number."""
    last = running.suspensions(subject_type, subject_id)[subject_id][-1]
    if not sql.amend(Suspension, last["id"], last["version"], to_at=now, restart=restart):
        raise Conflict()
    lay_anew(subject_type, subject_id)
    return int(last["n"])


def extend(found: dict[str, Any], working_days: int, *, now: datetime) -> None:
    """Add working days to a clock's budget (art. 42); whether that may be is the caller's rule."""
    held = running.of(found["subject_type"], found["subject_id"], lock=True)
    (found,) = _settle([each for each in held if each["id"] == found["id"]], now)
    _write(found, extended_days=found["extended_days"] + working_days)
    lay_anew(found["subject_type"], found["subject_id"])


def end(
    subject_type: str, subject_id: str, *, kinds: Collection[str] | None = None, part: int | None = None, now: datetime
) -> None:
    """End the running clocks of a subject, of these kinds only where given; they give no card from now on."""
    chosen = [
        found for found in running.of(subject_type, subject_id, lock=True)
        if found["ended_at"] is None and (kinds is None or found["kind"] in kinds) and part in (None, found["part"])
    ]
    for found in _settle(chosen, now):
        _write(found, ended_at=now, next_at=clock.NEVER)


def _settle(found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Give the cards that became true before this act though no tick saw it yet; the clocks as they are then."""
    return giving.give(found, now) if any(each["next_at"] <= now for each in found) else found


def reopen(found: dict[str, Any]) -> None:
    """Let an ended clock run on as if it had not ended: the act that ended it was a mistake."""
    _write(found, ended_at=None)
    lay_anew(found["subject_type"], found["subject_id"])


def entrust(subject_type: str, subject_id: str, account_id: str) -> None:
    """Cards for the one who answers go to another account from now on; those, too, of clocks that run on one day."""
    for found in running.of(subject_type, subject_id, lock=True):
        if found["department_code"] is None:
            _write(found, account_id=account_id)
