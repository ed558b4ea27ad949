"""Whom a unit's callers reach after hours: always somebody, by name or by an office's phone."""
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org import rules as tree
from backend.people.queries import posts
from backend.people.rules import rosters as rules

ROSTER, POST, OFFICE = "roster", "post", "office"

_NAMED = """
SELECT c.unit_code AS code, a.id, a.name, a.role, a.unit_code, a.phone FROM on_call c
JOIN account a ON a.id = c.account_id AND a.disabled_at IS NULL WHERE c.unit_code IN (?, ?) AND c.day_on = ?
"""
_PHONES = "SELECT code, name, phone FROM unit WHERE code IN (?, ?, ?)"


class Contact(NamedTuple):
    """Who answers for a unit on a day from closing until the next morning.

    ``code`` is the unit that named him (the unit itself, or one above it); account and name are None where
    only an office's phone is left, ``phone`` None where nobody has told one.
    """

    code: str
    office: str
    source: str
    account_id: str | None
    name: str | None
    phone: str | None


def on_call(unit_code: str, day: date) -> Contact:
    """The unit's on-call contact of a day; where nobody is named the township's, then who holds a duty post.

    Whoever is disabled, belongs elsewhere now or is on leave is passed over; somebody with a phone is
    preferred to somebody nearer without. Four statements at most.
    """
    place = [unit_code, tree.township_of(unit_code), tree.district_of(unit_code)]
    offices = {row["code"]: row for row in sql.rows(_PHONES, place)}
    found = list(_candidates(unit_code, day))
    away = _on_leave([person["id"] for _, _, person in found], day)
    contacts = [
        _contact(source, offices.get(code, {}), code, person)
        for source, code, person in found if person["id"] not in away
    ]
    phones = [
        Contact(code, offices[code]["name"], OFFICE, None, None, offices[code]["phone"])
        for code in dict.fromkeys(place) if code in offices
    ]
    reached = [one for one in contacts + phones if one.phone]
    return (reached or contacts or phones or [Contact(unit_code, "", OFFICE, None, None, None)])[0]


def _candidates(unit_code: str, day: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
    named = {row["code"]: row for row in sql.rows(_NAMED, (unit_code, tree.township_of(unit_code), day.isoformat()))}
    for code in dict.fromkeys((unit_code, tree.township_of(unit_code))):
        if code in named and rules.belongs(code, named[code]["role"], named[code]["unit_code"]):
            yield ROSTER, code, named[code]
    for step, person in posts.line(unit_code, "duty"):
        yield POST, step.code, person


def _on_leave(ids: list[str], day: date) -> set[str]:
    if not ids:
        return set()
    marks = ", ".join("?" * len(ids))
    text = (
        f"SELECT account_id FROM leave WHERE account_id IN ({marks}) AND state = 'approved' "
        "AND to_on >= ? AND from_on <= ?"
    )
    return {account_id for (account_id,) in sql.execute(text, [*ids, day.isoformat(), day.isoformat()]).fetchall()}


def _contact(source: str, office: dict[str, Any], code: str, person: dict[str, Any]) -> Contact:
    """Who is named in a roster is rung himself, a post's holder at his office as far as it has a phone."""
    own, desk = person["phone"], office.get("phone")
    phone = own or desk if source == ROSTER else desk or own
    return Contact(code, office.get("name", ""), source, person["id"], person["name"], phone)


def shown(code: str, day: date | None, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The contact of a unit as anybody may see it; without a day the one who answers now."""
    if units.unit(code) is None:
        raise NotFound()
    asked = day or rules.duty_day(clock.local(now))
    found = on_call(code, asked)
    return {
        "unit_code": code, "date": asked, "source": found.source, "name": found.name, "phone": found.phone,
        "office": {"code": found.code, "name": found.office},
    }
