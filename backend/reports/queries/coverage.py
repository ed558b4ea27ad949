"""Coverage (建成率): built ÷ planned by level, of districts and townships, on any day."""
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from backend.core import clock, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import rules as tree
from backend.reports.rules import forecast
from backend.reports.rules import targets as rules

_TARGETS = "SELECT items, version FROM coverage_targets WHERE district_code = ?"
_DISTRICTS = "SELECT code FROM unit WHERE level = 'district' AND code >= ? ORDER BY code LIMIT 1"
_IN_OFFICE = "(u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)"
_COUNTED = f"""
SELECT substr(u.code, 1, 9) AS part, u.level, count(*) AS planned, count(b.unit_code) AS built,
       count(c.unit_code) AS before
FROM unit u LEFT JOIN unit_built b ON b.unit_code = u.code AND b.from_on <= ? AND (b.to_on IS NULL OR b.to_on > ?)
LEFT JOIN unit_built c ON c.unit_code = u.code AND c.from_on <= ? AND (c.to_on IS NULL OR c.to_on > ?)
WHERE u.code BETWEEN ? AND ? AND u.level IN ('township', 'village') AND {_IN_OFFICE}
GROUP BY substr(u.code, 1, 9), u.level
"""


def district_of(unit_code: str | None, actor: Actor) -> str:
    """The district that is asked about: that of the code, else the caller's own, else the installation's first."""
    code = unit_code or actor.unit_code
    if code and tree.prefix_of(code) >= code[:6]:
        return tree.district_of(code)
    found = sql.value(_DISTRICTS, (code or "",))
    if found is None:
        raise NotFound()
    return str(found)


def targets(district_code: str, on: date) -> dict[str, dict[str, Any]]:
    """The target of each level, as decided or usual."""
    items = sql.value("SELECT items FROM coverage_targets WHERE district_code = ?", (district_code,))
    return rules.in_force(orjson.loads(items) if items else (), on.year)


def shown_targets(district_code: str, now: datetime) -> dict[str, Any]:
    """The targets with the version of what was decided, 0 before anything was."""
    row = sql.row(_TARGETS, (district_code,)) or {"items": "[]", "version": 0}
    found = rules.in_force(orjson.loads(row["items"]), clock.local_date(now).year)
    return {
        "unit_code": district_code, "items": [found[level] for level in rules.LEVELS], "version": row["version"],
    }


def counted(district_code: str, on: date) -> list[dict[str, Any]]:
    """Planned and built sites of each township by level (``township`` its code, ``level``); one statement.

    ``before``: how many of them were built four weeks earlier.
    """
    day, before = on.isoformat(), (on - timedelta(days=forecast.PACE_DAYS)).isoformat()
    first, last = tree.subtree(district_code)
    rows = sql.plain(_COUNTED, (day, day, before, before, first, last, day, day))
    for row in rows:
        row["township"] = str(row.pop("part")) + "000"
    return sorted(rows, key=lambda row: (row["township"], row["level"]))


def rates(district_code: str, on: date, today: date) -> list[dict[str, Any]]:
    """The district's rate by level, then each township's, against the targets, and when all will be built.

    The pace is that of the four weeks up to ``on``; a forecast that has passed ``today`` is none.
    """
    goals, found = targets(district_code, on), counted(district_code, on)
    return [
        {
            "level": row["level"], "unit_code": row["township"], "planned": row["planned"], "built": row["built"],
            "rate_percent": rules.rate(row["built"], row["planned"]),
            "target_on": goals[row["level"]]["target_on"], "target_percent": goals[row["level"]]["target_percent"],
            "forecast_on": _ahead(row, on, today),
        }
        for row in [*_in_all(district_code, found), *found]
    ]


def _in_all(district_code: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sums of the district by level."""
    return [
        {"township": district_code, "level": level} | {
            name: sum(row[name] for row in found if row["level"] == level) for name in ("planned", "built", "before")
        }
        for level in rules.LEVELS
    ]


def _ahead(row: dict[str, Any], on: date, today: date) -> date | None:
    return forecast.ahead(forecast.full_on(row["planned"], row["built"], row["before"], on), today)


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """A page of rates, the district's first, on a day (today unless named)."""
    codes = query["unit_code"]
    district = district_of(codes[0] if codes else None, actor)
    today = clock.local_date(now)
    found = rates(district, query["as_of"] or today, today)
    after = tuple(paging.values_of("coverage", query["cursor"])) if query["cursor"] else ("", "")
    left = [
        row for row in found
        if (row["unit_code"], row["level"]) > after and (not query["level"] or row["level"] in query["level"])
        and (not codes or row["unit_code"] in codes)
    ]
    return paging.page("coverage", left[: query["limit"] + 1], query["limit"], ("unit_code", "level"))


_ONBOARDED = f"""
SELECT substr(u.code, 1, 9) AS part, s.onboarded FROM site s JOIN unit u ON u.code = s.unit_code
WHERE s.district_code = ? AND {_IN_OFFICE}
"""


def onboarded(district_code: str, now: datetime) -> dict[str, Any]:
    """How many service items of each department the sites of each township offer: the matrix."""
    day = clock.local_date(now).isoformat()
    sums: dict[str, dict[str, int]] = {}
    for row in sql.plain(_ONBOARDED, (district_code, day, day)):
        township = sums.setdefault(f"{row['part']}000", {})
        for code, count in orjson.loads(row["onboarded"]).items():
            township[code] = township.get(code, 0) + count
    names = {row["code"]: row["name"] for row in sql.plain("SELECT code, name FROM department ORDER BY code")}
    used = sorted({code for found in sums.values() for code in found} & names.keys())
    return {
        "unit_code": district_code, "departments": [{"code": code, "name": names[code]} for code in used],
        "rows": [
            {"unit_code": township, "items": [found.get(code, 0) for code in used], "total": sum(found.values())}
            for township, found in sorted(sums.items())
        ],
    }
