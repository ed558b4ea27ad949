"""The half-years of a district: which there are, which are settled."""
from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson

from backend.assessment.rules import periods as rules
from backend.assessment.rules.periods import OPEN, SETTLED, STATES
from backend.core import clock, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope

PERIODS = "assessments"
_COLUMNS = "district_code, period, state, scheme_number, begun_at, settled_at, summary, content_sha256, version"
_ONE = f"SELECT {_COLUMNS} FROM assessment_period WHERE district_code = ? AND period = ?"
_OVER = f"SELECT {_COLUMNS} FROM assessment_period WHERE state = '{OPEN}' AND period < ? ORDER BY period, district_code"
_MARK = "SELECT seq, begun_at FROM assessment_mark WHERE id = 1"


def marked(*, lock: bool = False) -> dict[str, Any]:
    """Up to which entry of the ledger evidence was taken, and since when half-years count."""
    found = sql.row(_MARK + sql.held(lock))
    if found is None:
        raise RuntimeError("the mark of the assessment is missing")
    return found


def begun() -> str | None:
    """The first half-year that counts; None before anything happened here."""
    found = marked()["begun_at"]
    return None if found is None else rules.of(clock.local_date(found))


def row(district_code: str, period: str, *, lock: bool = False) -> dict[str, Any] | None:
    """A half-year as it is stored."""
    return sql.row(_ONE + sql.held(lock), (district_code, period))


def held(district_codes: Collection[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """All half-years of these districts, held until the running transaction ends, in one order everywhere."""
    if not district_codes:
        return {}
    marks = ", ".join("?" * len(district_codes))
    text = f"SELECT {_COLUMNS} FROM assessment_period WHERE district_code IN ({marks}) ORDER BY district_code, period"
    found = sql.rows(text + sql.held(), sorted(district_codes))
    return {(one["district_code"], one["period"]): one for one in found}


def over(now: datetime) -> list[dict[str, Any]]:
    """The half-years that are over and not settled yet, the earliest first."""
    return sql.rows(_OVER, (rules.of(clock.local_date(now)),))


def seen(period: str, actor: Actor) -> dict[str, Any]:
    """A half-year of the actor's district; NotFound for any other."""
    found = row(scope.district(actor), period) if rules.is_period(period) else None
    if found is None:
        raise NotFound()
    return found


def one(period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A half-year as the wire shows it."""
    return shown(seen(period, actor))


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """A stored half-year as the wire shows it."""
    period = found["period"]
    return {
        "period": period, "state": found["state"], "from": rules.first_on(period), "to": rules.last_on(period),
        "scheme_number": found["scheme_number"], "settled_at": found["settled_at"],
        "summary": None if found["summary"] is None else orjson.loads(found["summary"]),
        "content_sha256": found["content_sha256"],
        "_etag": 2 if found["state"] == SETTLED else 1,
    }


def page(query: dict[str, Any], *, actor: Actor) -> Page:
    """The half-years of the actor's district, the latest first."""
    last = paging.values_of(PERIODS, query["cursor"])[0] if query["cursor"] else "9"
    states = paging.states_of(query["state"], STATES, STATES)
    text = (
        f"SELECT {_COLUMNS} FROM assessment_period WHERE district_code = ? AND period < ? "
        f"AND state IN ({', '.join('?' * len(states))}) ORDER BY period DESC LIMIT ?"
    )
    found = sql.rows(text, [scope.district(actor), last, *states, query["limit"] + 1])
    part = paging.page(PERIODS, found, query["limit"], ("period",))
    items = [shown(each) for each in part.items]
    for each in items:
        del each["_etag"]
    return Page(items, part.next_cursor)
