"""Routes of booking rules, free slots, conflicts and added seats."""
from datetime import date, datetime, timedelta
from typing import Any

from backend.appointments.actions import conflicts, offers, overriding
from backend.appointments.queries import conflicts as found_conflicts
from backend.appointments.queries import offers as rules
from backend.appointments.queries import overrides, slots
from backend.appointments.rules.starts import Slot
from backend.appointments.schemas import slots as shapes
from backend.core import clock, http, paging
from backend.core.actor import ADMIN, AGENT, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.core.daytime import minute_of, told
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion, invalid

RULERS = frozenset({TOWNSHIP, ADMIN})
STAFF = frozenset({OPERATOR, TOWNSHIP})
READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, SUPERVISOR, ADMIN})
ALL_READERS = READERS | {OFFICE}
SLOTS = "slots"

blp = http.Blueprint("booking", description="预约号源 · booking rules, free slots, conflicts, added seats")


@blp.reads("/units/<code>/booking-rules", roles=ALL_READERS, answers=shapes.OfferShape(), refuses=(NotFound,))
def booking_rules(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a unit offers; before anything was set, nothing."""
    return rules.shown(code, actor=actor, now=now)


@blp.changes(
    "/units/<code>/booking-rules", roles=RULERS, body=shapes.OfferShape(), answers=shapes.OfferShape(),
    shows=rules.shown, within=rules.shown, refuses=(NotFound, Conflict, StaleVersion),
)
def set_booking_rules(code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Replace them; all days of the horizon are laid by them before the answer, nothing booked is cancelled."""
    unit_code = offers.change(code, body, actor=actor, now=now)
    offers.lay(unit_code, actor=actor, now=now)
    return unit_code


@blp.reads(
    "/units/<code>/slots", roles=http.PUBLIC, query=shapes.SlotsQuery(), answers=shapes.SlotsShape(), tagged=False,
    refuses=(NotFound,),
)
def free_slots(code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The slots that can be booked now, at most 92 days at once, from today on where no dates are given."""
    from_on, to_on = _span(query, clock.local_date(now))
    found = slots.free(code, from_on, to_on, query["service"], now)
    cursor = None
    if query["cursor"]:
        after = tuple(paging.values_of(SLOTS, query["cursor"]))
        found = [one for one in found if _key(one) > after]
    if query["limit"] and len(found) > query["limit"]:
        found = found[: query["limit"]]
        cursor = paging.cursor_of(SLOTS, list(_key(found[-1])))
    return {"items": [_shown(one) for one in found], "next_cursor": cursor}


def _span(query: dict[str, Any], today: date) -> tuple[date, date]:
    from_on = query["from"] or today
    to_on = query["to"] or from_on + timedelta(days=shapes.MOST_HORIZON_DAYS)
    if to_on < from_on:
        raise invalid("to", "不得早于开始日期", "Must not be before the first day.")
    if (to_on - from_on).days >= shapes.MOST_SPAN_DAYS:
        told_most = shapes.MOST_SPAN_DAYS
        raise invalid("to", f"一次至多查询 {told_most} 天", f"At most {told_most} days at once.")
    return from_on, to_on


def _key(one: Slot) -> tuple[str, int, str]:
    return one.day.isoformat(), one.start, one.service


def _shown(one: Slot) -> dict[str, Any]:
    return {
        "date": one.day.isoformat(), "start": told(one.start), "end": told(one.end), "service": one.service,
        "capacity": one.capacity, "free": one.free, "free_self": one.free_self,
    }


@blp.lists("/booking-conflicts", roles=READERS, item=shapes.ConflictShape(), query=shapes.ConflictsQuery())
def conflict_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Appointments of your unit, subtree or district whose seat was cut away, soonest first."""
    return found_conflicts.listed(query, actor=actor)


@blp.reads(
    "/booking-conflicts/<string:conflict_id>", roles=READERS, answers=shapes.ConflictShape(), refuses=(NotFound,)
)
def conflict(conflict_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One conflict."""
    return found_conflicts.one(conflict_id, actor=actor, now=now)


@blp.changes(
    "/booking-conflicts/<string:conflict_id>/settlement", roles=STAFF, body=shapes.Settlement(),
    answers=shapes.ConflictShape(), shows=found_conflicts.one, within=found_conflicts.one,
    refuses=(NotFound, IllegalMove, Conflict, StaleVersion),
)
def settle(conflict_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say what was agreed on; a conflict whose appointment moves or ends is settled by that."""
    return conflicts.settle(conflict_id, **body, actor=actor, now=now)


def _shown_override(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return overrides.one(*ref, actor=actor, now=now)


def _within(code: str, *_: Any, actor: Actor, now: datetime) -> None:
    rules.check_seen(code, actor)


@blp.lists("/units/<code>/seat-overrides", roles=READERS, item=shapes.OverrideShape())
def override_list(code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Seats that staff added to days of a unit, by day."""
    return overrides.listed(code, query, actor=actor)


@blp.reads(
    "/units/<code>/seat-overrides/<string:override_id>", roles=READERS, answers=shapes.OverrideShape(),
    refuses=(NotFound,),
)
def override(code: str, override_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One addition of seats."""
    return overrides.one(code, override_id, actor=actor, now=now)


@blp.creates(
    "/units/<code>/seat-overrides", roles=STAFF, body=shapes.NewOverride(), answers=shapes.OverrideShape(),
    shows=_shown_override, within=_within, refuses=(NotFound,),
)
def add_seats(code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Add seats for staff to a stretch of a day, with a reason."""
    return overriding.add(
        code, day_on=body["date"], from_minute=minute_of(body["from"]), to_minute=minute_of(body["to"]),
        desk=body["desk"], seats=body["seats"], reason=body["reason"], actor=actor, now=now,
    )


@blp.deletes(
    "/units/<code>/seat-overrides/<string:override_id>", roles=STAFF, within=overrides.one,
    refuses=(NotFound, StaleVersion),
)
def take_seats_back(code: str, override_id: str, *, actor: Actor, now: datetime) -> list[str]:
    """Take added seats back; who sits on one keeps it, and becomes a conflict."""
    return overriding.withdraw(code, override_id, actor=actor, now=now)
