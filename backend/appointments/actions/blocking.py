"""Blocks for repeated no-shows, and appeals against them (rules 5.8)."""
from datetime import datetime, timedelta
from typing import Any

from backend.appointments.actions import settings, telling
from backend.appointments.models import BookingBlock
from backend.appointments.queries import blocks as queries
from backend.appointments.rules import blocks
from backend.core import adjustable, clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction

__all__ = ["appeal", "decide", "settings", "weigh"]

SUBJECT = "booking_block"


@transaction
def weigh(found: dict[str, Any], *, actor: Actor, now: datetime) -> str | None:
    """Block the person of an appointment just missed (its row), where it was once too often; the block's id.

    No-shows of which an earlier block was made, kept or lifted, do not count again.
    """
    value = adjustable.in_force(blocks.SETTING, clock.local_date(now))
    if value["times"] == 0:
        return None
    district, since = found["district_code"], now - timedelta(days=value["within_days"])
    missed = queries.missed(found, district, since)
    until = blocks.until(missed, now, value)
    if until is None:
        return None
    block_id = ids.new(now)
    sql.insert(
        BookingBlock, id=block_id, district_code=district, township_code=found["township_code"],
        unit_code=found["unit_code"], appointment_id=found["id"], person_key=found["person_key"], until_at=until,
        no_shows=len(missed), state=blocks.STANDING, made_at=now,
    )
    ledger.record(
        "block.make", SUBJECT, block_id, scope=found["unit_code"], fields=("state",),
        detail={"appointment_id": found["id"], "no_shows": len(missed), "until": clock.wire(until)},
    )
    telling.blocked(found, times=len(missed), until=until, actor=actor, now=now)
    return block_id


@transaction
def appeal(block_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Write down a person's appeal against her block; until it is decided the block does not bind."""
    found = queries.row(block_id, actor, lock=True)
    state = _moved(found, "appeal")
    _change(found, actor, state=state, appeal=reason, appealed_at=now, appealed_by=actor.id)
    _record("appeal", found, {"reason": reason})
    return block_id


@transaction
def decide(block_id: str, *, upheld: bool, reason: str, actor: Actor, now: datetime) -> str:
    """Lift a block whose appeal is upheld, or keep it until its end; NotFound, IllegalMove, OwnAppeal."""
    found = queries.row(block_id, actor, lock=True)
    blocks.may_decide(actor.id, found)
    verb = "lift" if upheld else "keep"
    state = _moved(found, verb)
    _change(found, actor, state=state, answer=reason, decided_by=actor.id, decided_at=now)
    _record(verb, found, {"reason": reason})
    return block_id


def _moved(found: dict[str, Any], verb: str) -> str:
    return moves.move(blocks.MOVES, found["state"], verb, blocks.STATE_NAMES)


def _change(found: dict[str, Any], actor: Actor, **values: Any) -> None:
    versions.check_seen(found, actor)
    if not sql.amend(BookingBlock, found["id"], found["version"], **values):
        raise Conflict()


def _record(verb: str, found: dict[str, Any], detail: dict[str, Any]) -> None:
    ledger.record(f"block.{verb}", SUBJECT, found["id"], scope=found["unit_code"], fields=("state",), detail=detail)
