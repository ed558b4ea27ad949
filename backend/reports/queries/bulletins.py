"""Bulletins: issued ones as they were frozen, a preview of one that is not. All of it is public."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import adjustable, clock, paging, snapshot, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.reports.queries import coverage, gathering, obligations
from backend.reports.rules import bulletins as rules
from backend.reports.rules import weeks

BULLETINS = "bulletins"
_ONE = "SELECT body, content_sha256 FROM bulletin WHERE district_code = ? AND week = ?"
_PAGE = """
SELECT week, year, number, content_sha256, summary, issued_at FROM bulletin
WHERE district_code = ? AND week < ? ORDER BY week DESC LIMIT ?
"""
_LAST = "9999-W99"
UNISSUED = {"number": None, "ledger": None, "issued_at": None, "content_sha256": None, "version": 0}


def one(week: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The bulletin of a week: frozen once issued, else a preview with ``issued_at`` None; NotFound for no week."""
    return of(coverage.district_of(query["unit_code"], actor), week, now)


def of(district_code: str, week: str, now: datetime) -> dict[str, Any]:
    """The bulletin of a district's week."""
    if weeks.monday_of(week) is None:
        raise NotFound()
    found = frozen(district_code, week)
    if found is not None:
        return orjson.loads(found["body"]) | {"content_sha256": found["content_sha256"], "version": 1}
    with snapshot.taken():
        return gathering.gathered(district_code, week, now).body | UNISSUED


def frozen(district_code: str, week: str) -> dict[str, Any] | None:
    """The issued bulletin's text and its hash; None before issue."""
    return sql.row(_ONE, (district_code, week))


def content(week: str, query: dict[str, Any], *, actor: Actor) -> str:
    """The very text that was hashed; NotFound before issue."""
    found = frozen(coverage.district_of(query["unit_code"], actor), week)
    if found is None:
        raise NotFound()
    return str(found["body"])


def page(query: dict[str, Any], *, actor: Actor) -> Page:
    """The issued bulletins of a district, the latest week first."""
    district = coverage.district_of(query["unit_code"], actor)
    before = paging.values_of(BULLETINS, query["cursor"])[0] if query["cursor"] else _LAST
    found = sql.rows(_PAGE, (district, before, query["limit"] + 1))
    kept = paging.page(BULLETINS, found, query["limit"], ("week",))
    return Page([one | orjson.loads(one.pop("summary")) for one in kept.items], kept.next_cursor)


def to_issue(now: datetime) -> list[tuple[str, str]]:
    """District and week of every bulletin that the clock is to issue by itself and nobody has issued; latest weeks."""
    today, calendar = clock.local_date(now), calendars.calendar()
    since, value = _decided(today)
    if not value["automatic"]:
        return []
    latest, found = weeks.latest_due(calendar, now), []
    for week in (weeks.preceding(latest), latest):
        moment = rules.moment(week, calendar, value["at"])
        if moment is not None and moment <= now and clock.local_date(moment) >= since:
            found += [(code, week) for code in obligations.districts() if frozen(code, week) is None]
    return found


def _decided(today: date) -> tuple[date, dict[str, Any]]:
    """Since when which way of issuing holds."""
    decided = [(since, value) for since, value in adjustable.decided(rules.SETTING) if since <= today]
    return decided[-1] if decided else (today, rules.USUAL)
