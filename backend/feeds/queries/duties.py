"""Duty as calendars show it: who stands where, and what was taken off the roster in the last month."""
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from backend.appointments.rules import persons
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.feeds import rules
from backend.feeds.rules import CANCELLED, CONFIRMED, Event
from backend.people import queries as people
from backend.people.queries import rosters

_PLANNED = """
SELECT day_on, account_id, desk, from_minute, to_minute, kind FROM shift WHERE unit_code = ? AND day_on BETWEEN ? AND ?
"""
_CALLED = "SELECT day_on, account_id FROM on_call WHERE unit_code = ? AND day_on BETWEEN ? AND ?"
_WRITTEN = "SELECT month, changed_at FROM roster WHERE unit_code = ? AND month BETWEEN ? AND ?"
_UNITS = """
SELECT unit_code FROM shift WHERE (account_id = ? OR stand_in_id = ?) AND day_on BETWEEN ? AND ?
UNION SELECT unit_code FROM on_call WHERE account_id = ? AND day_on BETWEEN ? AND ? ORDER BY unit_code
"""
MOST_WRITINGS = 500
MOST_UNITS = 5
"""Of how many units somebody's own calendar shows the duty; hardly anybody stands at two."""

Days = tuple[str, str]


class Turn(NamedTuple):
    """One person's turn at one desk."""

    day: date
    account_id: str
    desk: str
    from_minute: int
    to_minute: int
    kind: str


def of_unit(code: str, now: datetime) -> list[Event]:
    """The duty of a unit, its people on call, and what was cancelled of both within the last month."""
    found = list(_turns(code, now)), _called(code, now)
    names = people.names({turn.account_id for turn, _, _ in found[0]} | {who for _, who in found[1]})
    return _events(code, *found, names, now)


def of_account(actor: Actor, now: datetime) -> list[Event]:
    """An account's own duty, wherever he stands on a roster, and his days on call."""
    days, who = _span(now), actor.id
    found = sql.rows(_UNITS, (who, who, *days, who, *days))
    codes = sorted({actor.unit_code or "", *(row["unit_code"] for row in found)} - {""})[:MOST_UNITS]
    names = people.names({who}) if codes else {}
    events: list[Event] = []
    for code in codes:
        turns = [turn for turn in _turns(code, now) if turn[0].account_id == who]
        called = [call for call in _called(code, now) if call[1] == who]
        events += _events(code, turns, called, names, now)
    return events


def _span(now: datetime) -> Days:
    today = clock.local_date(now)
    return (today - rules.BEHIND).isoformat(), (today + rules.AHEAD).isoformat()


Told = list[tuple[Turn, str, int]]


def _turns(code: str, now: datetime) -> Iterator[tuple[Turn, str, int]]:
    """Each turn with its status and sequence: the stamp of the unit's roster, which grows with every change."""
    sequence = rosters.stamp(code)
    first, last = _span(now)
    standing = {
        Turn(day, duty.account_id, duty.desk, duty.from_minute, duty.to_minute, duty.kind)
        for day, duties in rosters.on_duty(code, date.fromisoformat(first), date.fromisoformat(last)).items()
        for duty in duties
    }
    for turn in standing:
        yield turn, CONFIRMED, sequence
    planned = {Turn(**row | {"day": row.pop("day_on")}) for row in sql.rows(_PLANNED, (code, first, last))}
    for turn in (planned | set(_removed(code, (first, last), now))) - standing:
        yield turn, CANCELLED, sequence


def _removed(code: str, days: Days, now: datetime) -> Iterator[Turn]:
    """What the roster's writings of the last month took away: the ledger has kept it."""
    for month in sorted({days[0][:7], *(found["month"] for found in _written(code, days))}):
        for entry in ledger.history("roster", f"{code}/{month}", limit=MOST_WRITINGS):
            if entry["detail"] is None or entry["recorded_at"] < now - rules.BEHIND:
                continue
            for day, who, desk, start, end, _, kind, _ in entry["detail"].get("removed", ()):
                if days[0] <= day <= days[1]:
                    yield Turn(date.fromisoformat(day), who, desk, start, end, kind)


def _written(code: str, days: Days) -> list[dict[str, Any]]:
    return sql.rows(_WRITTEN, (code, days[0][:7], days[1][:7]))


def _called(code: str, now: datetime) -> list[tuple[date, str]]:
    return [(row["day_on"], row["account_id"]) for row in sql.rows(_CALLED, (code, *_span(now)))]


def _events(
    code: str, turns: Told, called: list[tuple[date, str]], names: dict[str, str], now: datetime
) -> list[Event]:
    written = {row["month"]: row["changed_at"] for row in _written(code, _span(now))} if turns or called else {}
    events = []
    for turn, status, sequence in turns:
        midnight, surname = clock.at_local(turn.day, 0), persons.surname(names.get(turn.account_id, "—"))
        events.append(Event(
            f"duty-{code}-{turn.day}-{turn.account_id}-{turn.from_minute}-{turn.desk}@daiban", sequence,
            written.get(turn.day.isoformat()[:7], midnight), midnight + timedelta(minutes=turn.from_minute),
            midnight + timedelta(minutes=turn.to_minute), rules.duty(surname, turn.kind, turn.desk), status,
        ))
    for day, who in called:
        written_at = written.get(day.isoformat()[:7], clock.at_local(day, 0))
        told = rules.summary(persons.surname(names.get(who, "—")), rules.ON_CALL)
        events.append(Event(f"on-call-{code}-{day}@daiban", 0, written_at, day, day + timedelta(days=1), told))
    return events
