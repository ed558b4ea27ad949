"""The time of an errand: its clocks stopped, let run on, and extended (rules 1.4)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running as clocks
from backend.clocks.queries import running
from backend.clocks.rules import words
from backend.core import clock, ledger, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import notifying, row, timing
from backend.errands.queries import cases
from backend.errands.queries import turns as stops
from backend.errands.rules import turns
from backend.org.rules import posts as ladder
from backend.people.queries import posts


@transaction
def suspend(errand_id: str, *, reason: str, notice: str, actor: Actor, now: datetime) -> str:
    """Stop the clocks for a hearing, a test and the like, with a written notice (art. 45); overlapping is refused."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "suspend")
    versions.check_seen(found, actor)
    number = clocks.suspend(timing.SUBJECT, errand_id, reason=reason, notice=notice, actor=actor, now=now)
    due = timing.followed(errand_id)
    row.change(found, actor, now, **moved, stops=found["stops"] + 1, **due)
    ledger.record(
        "errand.suspend", "errand", errand_id, scope=found["unit_code"], fields=("state", "due_at"),
        detail={"n": number, "reason": reason, "notice": notice} | _dates(found, due),
    )
    notifying.tell_resident("suspend", found, reason=words.STOP_REASONS[reason].zh, actor=actor, now=now)
    return errand_id


@transaction
def end_suspension(errand_id: str, *, mode: str, actor: Actor, now: datetime) -> str:
    """Let the clocks run on, or begin their whole budget anew; the errand returns to the state it had."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "resume")
    versions.check_seen(found, actor)
    number = clocks.resume(timing.SUBJECT, errand_id, restart=mode == words.RESTART, now=now)
    due = timing.followed(errand_id)
    row.change(found, actor, now, **moved, **due)
    ledger.record(
        f"errand.{mode}", "errand", errand_id, scope=found["unit_code"], fields=("state", "due_at"),
        detail={"n": number} | _dates(found, due),
    )
    notifying.tell_resident(mode, found, due=due["due_at"], actor=actor, now=now)
    return errand_id


@transaction
def extend(errand_id: str, *, working_days: int, reason: str, actor: Actor, now: datetime) -> str:
    """Extend the promise once, before it has passed, with reasons told to the resident (art. 42).

    The steps at departments keep their own limits. It is no step that could be taken back.
    """
    found = cases.row(errand_id, actor, lock=True)
    laid = running.of(timing.SUBJECT, errand_id)
    turns.check_extender(actor.role, actor.id, found["agent_id"], _heads(found, turns.stepping(laid)))
    row.move(found, "extend")
    promise = turns.promise_of(laid)
    turns.check_extension(promise, now)
    versions.check_seen(found, actor)
    turns.check_length(working_days, stops.departments(errand_id))
    clocks.extend(dict(promise), working_days, now=now)
    due = timing.followed(errand_id)
    row.change(found, actor, now, **due)
    ledger.record(
        "errand.extend", "errand", errand_id, scope=found["unit_code"], fields=("due_at",),
        detail={"working_days": working_days, "reason": reason} | _dates(found, due),
    )
    notifying.tell_resident("extend", found, due=due["due_at"], reason=reason, actor=actor, now=now)
    return errand_id


def _heads(found: dict[str, Any], departments: set[str]) -> set[str]:
    """The accounts that hold the head posts of the departments where a step lies."""
    if found["state"] != rules.FORWARDED:
        return set()
    held = (posts.holder(code, ladder.HEAD, district=found["district_code"]) for code in departments)
    return {account["id"] for account in held if account}


def _dates(found: dict[str, Any], due: dict[str, Any]) -> dict[str, Any]:
    return {"from": clock.wire(found["due_at"]), "to": clock.wire(due["due_at"])}
