"""Writing and publishing a unit's roster of a month."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.people.actions import stamping
from backend.people.models import OnCall, Roster, Shift
from backend.people.queries import rostering
from backend.people.rules import rostering as rules
from backend.people.rules.rostering import Entry

_FIRST = "INSERT INTO roster (id, unit_code, month, changed_at, version) VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"
_DISMISS = "DELETE FROM on_call WHERE unit_code = ? AND day_on BETWEEN ? AND ?"
Contacts = list[tuple[date, str]]


@transaction
def write(
    code: str, month: str, *, shifts: list[dict[str, Any]], on_call: list[dict[str, Any]], actor: Actor, now: datetime
) -> list[str]:
    """Have a unit's roster of a month say this; it counts at once, published or not (rules 5.1).

    NotFound outside the actor's reach; MonthOver; StaleVersion; Invalid names each shift that cannot be:
    see :mod:`backend.people.rules.rostering`. What stands already is kept, the same again changes nothing.
    """
    rostering.seen(code, actor)
    days = rostering.span(month)
    rules.check_open(days[1], clock.local_date(now))
    roster = rostering.head(code, month, lock=True)
    versions.check_seen(roster, actor)
    wanted, contacts = [rules.entry(shift) for shift in shifts], [(one["date"], one["account_id"]) for one in on_call]
    standing, present = rostering.entries(roster["id"]), rostering.contacts(code, days)
    rules.check_sense(wanted, contacts, *days)
    named = {one.account_id for one in wanted} | {one.stand_in_id for one in wanted if one.stand_in_id}
    known = rostering.colleagues([*named, *(account_id for _, account_id in contacts)], lock=True)
    rules.check_people(code, wanted, contacts, known, set(standing), set(present))
    rules.check_elsewhere(wanted, rostering.elsewhere(code, days, (one.account_id for one in wanted)))
    if roster["version"] and wanted == list(standing) and set(contacts) == set(present):
        return [code, month]
    roster_id = _headed(roster, actor, now)
    _change_shifts(roster_id, code, standing, wanted, now)
    _change_contacts(code, days, contacts)
    stamping.bump([code])
    _record("roster.write", roster, ("shifts", "on_call"), _difference(standing, wanted, present, contacts))
    return [code, month]


def _headed(roster: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The row of the roster, made or with its version grown; its id."""
    if roster["version"]:
        _amend(roster, actor, changed_at=now)
        return str(roster["id"])
    roster_id = ids.new(now)
    if sql.run(_FIRST, (roster_id, roster["unit_code"], roster["month"], clock.to_micros(now))) == 0:
        raise _overtaken(actor)
    return roster_id


def _amend(roster: dict[str, Any], actor: Actor, **values: Any) -> None:
    if not sql.amend(Roster, roster["id"], roster["version"], **values):
        raise _overtaken(actor)


def _overtaken(actor: Actor) -> Conflict | StaleVersion:
    return Conflict() if actor.call.if_match is None else StaleVersion()


def _change_shifts(roster_id: str, code: str, standing: dict[Entry, str], wanted: list[Entry], now: datetime) -> None:
    """Lay the shifts anew in their order; what stood before keeps its id."""
    if standing:
        sql.run("DELETE FROM shift WHERE roster_id = ?", (roster_id,))
    made = [
        {
            "id": standing.get(one) or ids.new(now), "roster_id": roster_id, "place": place, "unit_code": code,
            "day_on": one.day,
            "account_id": one.account_id, "desk": one.desk, "from_minute": one.from_minute,
            "to_minute": one.to_minute, "services": list(one.services), "kind": one.kind,
            "stand_in_id": one.stand_in_id,
        }
        for place, one in enumerate(wanted)
    ]
    if made:
        sql.insert_many(Shift, made)


def _change_contacts(code: str, days: rostering.Span, contacts: Contacts) -> None:
    sql.run(_DISMISS, (code, days[0].isoformat(), days[1].isoformat()))
    if contacts:
        sql.insert_many(OnCall, [{"unit_code": code, "day_on": day, "account_id": who} for day, who in contacts])


def _difference(
    standing: dict[Entry, str], wanted: list[Entry], present: Contacts, contacts: Contacts
) -> dict[str, Any]:
    def told(entries: set[Entry]) -> list[list[Any]]:
        return sorted([one.day.isoformat(), *one[1:]] for one in entries)

    before, after = set(standing), set(wanted)
    found: dict[str, Any] = {"added": told(after - before), "removed": told(before - after)}
    if set(present) != set(contacts):
        found["on_call"] = [[day.isoformat(), who] for day, who in contacts]
    return found


def _record(action: str, roster: dict[str, Any], fields: tuple[str, ...], detail: dict[str, Any]) -> None:
    code, month = roster["unit_code"], roster["month"]
    ledger.record(action, "roster", f"{code}/{month}", scope=code, fields=fields, detail=detail)


@transaction
def publish(code: str, month: str, *, actor: Actor, now: datetime) -> list[str]:
    """Give a roster out: from then on changes are marked on it. Once its month has begun it is out late.

    NotFound, MonthOver, AlreadyPublished, NobodyPlanned, StaleVersion.
    """
    rostering.seen(code, actor)
    days = rostering.span(month)
    roster = rostering.head(code, month, lock=True)
    rules.check_open(days[1], clock.local_date(now))
    planned = bool(rostering.entries(roster["id"]) or rostering.contacts(code, days))
    rules.check_publishable(roster["published_at"] is not None, planned)
    versions.check_seen(roster, actor)
    _amend(roster, actor, published_at=now)
    late = rules.is_late(clock.local_date(now), days[0], clock.local_date(now))
    _record("roster.publish", roster, ("published_at",), {"late": late})
    return [code, month]


def exchanged(code: str, months: list[str], actor: Actor, now: datetime) -> None:
    """Note in the rosters of these months that shifts have changed hands; their rows were locked before."""
    for month in months:
        roster = rostering.head(code, month)
        sql.amend(Roster, roster["id"], roster["version"], changed_at=now)
        _record("roster.swap", roster, ("shifts",), {})


@transaction
def insert_samples(items: list[dict[str, Any]], *, actor: Actor, now: datetime) -> int:
    """Write rosters of a sample district (code, month, shifts, on_call); how many."""
    for item in items:
        roster_id = ids.new(now)
        sql.insert(Roster, id=roster_id, unit_code=item["code"], month=item["month"], changed_at=now, version=1)
        _change_shifts(roster_id, item["code"], {}, [rules.entry(shift) for shift in item["shifts"]], now)
        _change_contacts(item["code"], rostering.span(item["month"]), item["on_call"])
    stamping.bump(item["code"] for item in items)
    ledger.record("roster.samples", "roster", "samples", detail={"rosters": len(items)})
    return len(items)
