"""A month's roster as it is printed."""
from datetime import date, datetime
from itertools import groupby
from typing import Any

from backend.core import daytime, sql
from backend.core.actor import Actor
from backend.people.queries import rostering, rosters
from backend.people.rules.rostering import Entry

WEEKDAYS = "一二三四五六日"
KINDS = {"duty": "日常", "extended": "延时", "weekend": "周末"}


def printed(code: str, month: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The roster by day with names, on-call contacts and their phones, and who is on leave; NotFound out of reach."""
    unit = rostering.seen(code, actor)
    days = rostering.span(month)
    roster = rostering.head(code, month)
    planned, contacts = list(rostering.entries(roster["id"])), dict(rostering.contacts(code, days))
    people = _people([*(one.account_id for one in planned), *(one.stand_in_id or "" for one in planned),
                      *contacts.values()])
    absent = rosters.absent(code, days[0].isoformat(), days[1].isoformat())
    by_day = {
        day: list(shifts)
        for day, shifts in groupby(sorted(planned, key=lambda one: one[:1] + one[3:4] + one[2:3]), lambda one: one.day)
    }
    return rostering.headed(roster, now) | {
        "unit": unit, "changed_at": roster["changed_at"], "first": days[0],
        "days": [
            {
                "date": day, "weekday": WEEKDAYS[day.weekday()], "on_call": _contact(contacts.get(day), people, unit),
                "lines": _lines(by_day.get(day, []), people, absent),
            }
            for day in sorted({*by_day, *contacts})
        ],
    }


def _people(ids: list[str]) -> dict[str, dict[str, Any]]:
    wanted = sorted(set(ids) - {""})
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    found = sql.rows(f"SELECT id, name, phone FROM account WHERE id IN ({marks})", wanted)
    return {row["id"]: row for row in found}


def _contact(account_id: str | None, people: dict[str, dict[str, Any]], unit: dict[str, Any]) -> dict[str, Any] | None:
    if account_id is None or account_id not in people:
        return None
    return {"name": people[account_id]["name"], "phone": people[account_id]["phone"] or unit["phone"]}


def _lines(
    shifts: list[Entry], people: dict[str, dict[str, Any]], absent: dict[str, rosters.Spans]
) -> list[dict[str, Any]]:
    """One line for the shifts of a day that differ in their times only."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in shifts:
        times = f"{daytime.told(one.from_minute)}—{daytime.told(one.to_minute)}"
        line = found.setdefault((one.account_id, one.desk, one.kind, one.stand_in_id), {
            "times": [], "desk": one.desk, "name": _name(one.account_id, people),
            "stand_in": _name(one.stand_in_id, people), "kind": KINDS[one.kind],
            "away": _is_away(one.account_id, one.day, absent),
        })
        line["times"].append(times)
    return list(found.values())


def _name(account_id: str | None, people: dict[str, dict[str, Any]]) -> str:
    return str(people[account_id]["name"]) if account_id in people else ""


def _is_away(account_id: str, day: date, absent: dict[str, rosters.Spans]) -> bool:
    """On leave, or no longer of this place."""
    return account_id not in absent or rosters.covers(absent[account_id], day.isoformat())
