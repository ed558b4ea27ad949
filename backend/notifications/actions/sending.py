"""Taking due notices out for sending, and recording what became of each: short transactions, nothing sent inside.

A row that is out is in state ``sending`` until its lease ends; its version is the fence. Who comes back
to a row that was taken out anew, or that a receipt has settled meanwhile, changes nothing.
"""
import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications import rules
from backend.notifications.actions import calls, channels
from backend.notifications.models import Notice
from backend.notifications.queries import outbox
from backend.notifications.rules import outcomes, templates
from backend.notifications.rules.outcomes import Outcome

LOOKED_AT = 20
ERASED = "erased"
"""The trouble of a notice whose resident was erased: nobody is rung for it."""


@transaction
def lease(audience: str, limit: int, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Take out up to ``limit`` due notices; what must not be sent now is put where it belongs.

    By night a notice moves to the morning; expired it ends; without an address it is dead. A lease that
    ran out means that its sender died: the notice is taken out again, or, where a second copy would do
    harm, ends as unknown.
    """
    taken: list[dict[str, Any]] = []
    for found in outbox.due(audience, clock.to_micros(now), max(limit, LOOKED_AT)):
        if len(taken) == limit:
            break
        chosen = templates.one(found["template"])
        if found["state"] == rules.SENDING and found["at_most_once"]:
            _end(found, "lose", "no-answer", actor, now)
        elif rules.is_expired(found["not_after_at"], now):
            _end(found, "expire", None, actor, now)
        elif found["values_sealed"] is None or audience == rules.RESIDENT and found["address_sealed"] is None:
            _end(found, "give_up", ERASED, actor, now)
        elif chosen.sleeps and rules.is_quiet(now):
            sql.amend(Notice, found["id"], found["version"], next_at=rules.awake(now))
        elif _take(found, now):
            taken.append(found | {"version": found["version"] + 1})
    return taken


def _take(found: dict[str, Any], now: datetime) -> bool:
    return sql.amend(
        Notice, found["id"], found["version"], state=outbox.moved(found, "lease"), next_at=now + rules.LEASE,
        first_at=found["first_at"] or now,
    )


@transaction
def settle(
    notice_id: str, version: int, outcome: Outcome, channel: str, *, actor: Actor, now: datetime
) -> str | None:
    """Record one try's outcome; the state it led to, or None where somebody else was there first."""
    found = outbox.row(notice_id, lock=True)
    if found is None or found["version"] != version or found["state"] != rules.SENDING:
        return None
    if outcome.kind == outcomes.SENT:
        return _accept(found, outcome, channel, actor, now)
    if outcome.kind == outcomes.UNCLEAR and found["at_most_once"]:
        return _end(found, "lose", outcome.code, actor, now)
    failures = found["failures"] + 1
    sleeps = templates.one(found["template"]).sleeps
    spent = rules.is_spent(failures, found["first_at"], now, sleeps=sleeps)
    if outcome.kind == outcomes.HOPELESS or spent:
        return _end(found, "give_up", outcome.code, actor, now, failures=failures)
    state = outbox.moved(found, "retry")
    sql.amend(
        Notice, notice_id, version, state=state, failures=failures, trouble=outcome.code,
        next_at=rules.retry_at(failures, now, random.uniform(-1, 1), sleeps=sleeps),
    )
    return state


def _accept(found: dict[str, Any], outcome: Outcome, channel: str, actor: Actor, now: datetime) -> str:
    """It is with the gateway. Where somebody relies on it, a missing receipt is chased a day later."""
    chosen = templates.one(found["template"])
    awaited = chosen.must_arrive and channels.to(found["audience"]).tells
    state = outbox.moved(found, "accept")
    sql.amend(
        Notice, found["id"], found["version"], state=state, sent_at=now, channel=channel, trouble=None,
        provider_id=outcome.provider_id,
        next_at=now + rules.PATIENCE if awaited else found["made_at"] + rules.KEPT,
    )
    ledger.record(
        "notice.send", "notice", found["id"], scope=found["unit_code"], fields=("state",),
        detail={"channel": channel, "provider_id": outcome.provider_id},
    )
    return state


def _end(
    found: dict[str, Any], verb: str, trouble: str | None, actor: Actor, now: datetime, **more: Any
) -> str:
    """End a notice otherwise than well; whom it had to reach is rung, unless it is too late."""
    state = outbox.moved(found, verb)
    sql.amend(
        Notice, found["id"], found["version"], state=state, trouble=trouble, ended_at=now,
        next_at=found["made_at"] + rules.KEPT, **more,
    )
    ledger.record(
        f"notice.{verb}", "notice", found["id"], scope=found["unit_code"], fields=("state",), outcome=state,
        detail={"trouble": trouble},
    )
    if state in (rules.DEAD, rules.UNKNOWN) and trouble != ERASED:
        ring(found, actor, now)
    return state


def ring(found: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Open the call task in a notice's place, once, where it must arrive and is not too late; staff are not rung."""
    chosen = templates.one(found["template"])
    if found["audience"] != rules.RESIDENT or not chosen.must_arrive or rules.is_expired(found["not_after_at"], now):
        return
    calls.open(
        subject_type=found["subject_type"], subject_id=found["subject_id"], subject_number=found["subject_number"],
        resident_id=calls.resident_in(found), unit_code=found["unit_code"],
        reason=chosen.reason, dedupe=f"notice:{found['dedupe']}", actor=actor, now=now,
    )


@transaction
def chase(*, actor: Actor, now: datetime) -> int:
    """Have residents rung whose notice somebody relies on and of whose arrival nothing was heard; how many."""
    silent = outbox.silent(clock.to_micros(now), clock.to_micros(now - rules.KEPT), LOOKED_AT)
    for found in silent:
        sql.amend(
            Notice, found["id"], found["version"], next_at=found["made_at"] + rules.KEPT, trouble="no-receipt"
        )
        ring(found, actor, now)
    return len(silent)


_FORGET = "UPDATE notice SET address_sealed = NULL, values_sealed = NULL, next_at = ? WHERE id IN ({})"


@transaction
def forget(found: Iterable[str], *, actor: Actor, now: datetime) -> int:
    """Blank what is sealed in these notices."""
    wanted = list(found)
    if not wanted:
        return 0
    return sql.run(_FORGET.format(", ".join("?" * len(wanted))), (clock.to_micros(clock.NEVER), *wanted))
