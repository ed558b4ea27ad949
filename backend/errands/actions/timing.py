"""The clocks of an errand: begun and ended with its moves, and followed by its due date."""
from dataclasses import replace
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.clocks.actions import running as clocks
from backend.clocks.queries import running as laid
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import row
from backend.errands.queries import cases, running

SUBJECT = "errand"

_STEP = "UPDATE forwarding SET due_at = ?, order_at = ?, version = version + 1 WHERE errand_id = ? AND n = ?"
_MARK = "UPDATE errand_calendar SET stamp = ? WHERE id = 1"


def due_of(found: dict[str, Any], item: dict[str, Any], accepted_at: datetime) -> datetime | None:
    """What an errand accepted at that moment is due at, on the present calendar."""
    return _end(found["unit_code"], accepted_at, hours.budget_of(item["kind"], item["promised_days"]))


def _end(unit_code: str, started_at: datetime, working_days: int) -> datetime | None:
    present = calendars.present()
    return hours.due_at(hours.limit_of(started_at, working_days, present.calendar, (), present.closed(unit_code)))


def due_if_resumed(found: dict[str, Any], now: datetime) -> datetime | None:
    """What the present duty of a suspended errand would be due at if it went on now, not begun anew."""
    present = calendars.present()
    stood = [replace(halt, to_at=halt.to_at or now) for halt in laid.halts(SUBJECT, found["id"])[found["id"]]]
    return hours.due_at(cases.limit_of(found, present, stood))


def silence_of(unit_code: str, received_at: datetime) -> datetime | None:
    """The moment by which the resident must have been told what is missing (rules 3.4)."""
    return _end(unit_code, received_at, rules.NOTICE_WORKING_DAYS)


def silence_due(found: dict[str, Any]) -> datetime | None:
    """:func:`silence_of` of an errand whose resident was told nothing yet."""
    settled = found["last_move"] == "reverse" and found["silence_at"] is None
    told = found["state"] != rules.REGISTERED or settled
    return None if told else silence_of(found["unit_code"], found["received_at"])


def begin_duty(found: dict[str, Any], item: dict[str, Any], started_at: datetime, now: datetime) -> dict[str, Any]:
    """Begin the clock that an accepted errand is due by; what the errand's row takes over from it."""
    kind = rules.SENDING_UP if item["kind"] == hours.REPORT else rules.PROMISE
    begun = clocks.begin(
        SUBJECT, found["id"], kind, unit_code=found["unit_code"], started_at=started_at,
        budget_days=hours.budget_of(item["kind"], item["promised_days"]), account_id=found["agent_id"],
        legal_days=item["legal_days"] if kind == rules.PROMISE else None, now=now,
    )
    return follow([begun])


def begin_hand_in(found: dict[str, Any], now: datetime) -> None:
    """Begin the 3 working days within which a village hands in above (rules 3.8); no due date of the errand."""
    clocks.begin(
        SUBJECT, found["id"], rules.HAND_IN, unit_code=found["unit_code"], started_at=now,
        budget_days=rules.HAND_IN_WORKING_DAYS, account_id=found["agent_id"], now=now,
    )


def begin_telling(found: dict[str, Any], part: int, now: datetime) -> dict[str, Any]:
    """Begin the duty to tell the resident of a reply from above (rules 1.3); what the errand's row takes over."""
    clocks.begin(
        SUBJECT, found["id"], rules.TELLING, unit_code=found["unit_code"], started_at=now,
        budget_days=hours.TELLING_WORKING_DAYS, account_id=found["agent_id"], part=part, now=now,
    )
    return followed(found["id"])


def send_up(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    """End the present duty: the time above does not count (rules 1.3); what the errand's row takes over."""
    clocks.end(SUBJECT, found["id"], kinds=rules.DUTIES, now=now)
    return followed(found["id"])


def bring_down(found: dict[str, Any]) -> dict[str, Any]:
    """Let the last duty run on, since sending up was a mistake; what the errand's row takes over."""
    duties = [each for each in laid.of(SUBJECT, found["id"], lock=True) if each["kind"] in rules.DUTIES]
    clocks.reopen(max(duties, key=lambda each: (each["started_at"], each["part"])))
    return followed(found["id"])


def follow(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What an open errand's row takes over from its clocks: the due date of its present duty, if it has one.

    The one place that writes these columns. A duty that has ended is no longer present; a finished errand is
    not followed, and keeps what it was due at.
    """
    duties = [each for each in found if each["kind"] in rules.DUTIES and each["ended_at"] is None]
    duty = duties[-1] if duties else None
    moments = duty["moments"] if duty else {}
    due_at = duty["due_at"] if duty else None
    return {
        "due_at": due_at, "order_at": due_at or clock.NEVER, "provisional": bool(duty and duty["provisional"]),
        "reminder_at": _instant(moments.get(hours.REMINDER)), "yellow_at": _instant(moments.get(hours.YELLOW)),
        "duty_at": duty["started_at"] if duty else None,
        "duty_days": duty["budget_days"] + duty["extended_days"] if duty else None,
    }


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else clock.from_micros(micros)


def followed(errand_id: str) -> dict[str, Any]:
    """:func:`follow` of the errand's clocks as they stand now; an open step at a department follows its own."""
    found = laid.of(SUBJECT, errand_id)
    for step in found:
        if step["kind"] == rules.STEP and step["ended_at"] is None:
            due_at = step["due_at"] and clock.to_micros(step["due_at"])
            sql.run(_STEP, (due_at, due_at or clock.to_micros(clock.NEVER), errand_id, step["part"]))
    return follow(found)


@transaction
def reproject(errand_id: str, *, actor: Actor, now: datetime) -> bool:
    """Move an open errand to the present calendar and record old and new (rules 1.1, 1.5); whether it moved."""
    found = running.one(errand_id)
    if found is None:
        return False
    moved = clocks.lay_anew(SUBJECT, errand_id)
    values = {"silence_at": silence_due(found)} if found["accepted_at"] is None else present_duty(found, now)
    if all(found[name] == value for name, value in values.items()) and not moved:
        return False
    row.change(found, actor, None, **values)
    ledger.record(
        "errand.reproject", "errand", errand_id, scope=found["unit_code"], fields=("due_at",),
        detail={
            "from": clock.wire(found["due_at"]), "to": clock.wire(values.get("due_at", found["due_at"])),
        } | _others(moved),
    )
    return True


def _others(moved: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """Old and new of the clocks that are not the errand's own due date, where any moved: a step, a hand-in."""
    told = [
        {"kind": new["kind"], "part": new["part"], "from": clock.wire(old["due_at"]), "to": clock.wire(new["due_at"])}
        for old, new in moved if new["kind"] not in rules.DUTIES
    ]
    return {"clocks": told} if told else {}


def present_duty(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    """:func:`followed` of an accepted errand; one accepted before there were clocks gets its own."""
    if laid.of(SUBJECT, found["id"]):
        return followed(found["id"])
    item = catalogue.version(found["item_code"], found["item_number"])
    return begin_duty(found, item, found["accepted_at"], now)


@transaction
def mark(stamp: int, *, actor: Actor, now: datetime) -> None:
    """Remember up to which change of the calendar all open errands were moved."""
    sql.execute(_MARK, (stamp,))
