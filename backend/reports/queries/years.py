"""A district's year of weekly reports: who was in time, for how long, how coverage grew. Four statements."""
from collections import defaultdict
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.reports.queries import spans
from backend.reports.rules import body, charts, standing, targets
from backend.reports.rules.standing import Owed, Standing

FIRST, LAST = 1900, 2199
_DISTRICT = """
SELECT u.name, t.items FROM unit u LEFT JOIN coverage_targets t ON t.district_code = u.code
WHERE u.code = ? AND u.level = 'district'
"""
_OWED = """
SELECT o.week, o.unit_code, o.name, o.due_at, r.filed_at FROM obligation o
LEFT JOIN report r ON r.week = o.week AND r.unit_code = o.unit_code
WHERE o.district_code = ? AND o.week BETWEEN ? AND ? ORDER BY o.week, o.unit_code
"""


def view(year: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The year of the actor's district, as far as it has come; NotFound for no year or no district."""
    until = _until(year, now)
    district, goals = _district(actor, year)
    code = district["code"]
    held = _held(code, year)
    return {
        "year": year, "district": district,
        "weeks": [
            {"week": week, "due_at": stands.outcomes[0].owed.due_at} | stands.figures() for week, stands in held.items()
        ],
        "townships": _ranked(held),
        "burn_up": body.burn_up(year, until, spans.planned(code), spans.built(code)), "targets": goals,
    }


def _district(actor: Actor, year: int) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The actor's district by code and name, and its targets by level; NotFound where it is none."""
    code = scope.district(actor)
    found = sql.row(_DISTRICT, (code,))
    if found is None:
        raise NotFound()
    goals = targets.in_force(orjson.loads(found["items"]) if found["items"] else (), year)
    return {"code": code, "name": found["name"]}, [goals[level] for level in targets.LEVELS]


def _until(year: int, now: datetime) -> date:
    """The last day of the year that has come; NotFound for a year that has not begun."""
    if not FIRST <= year <= LAST:
        raise NotFound()
    until = min(clock.local_date(now), date.fromisocalendar(year, date(year, 12, 28).isocalendar().week, 7))
    if until < date.fromisocalendar(year, 1, 1):
        raise NotFound()
    return until


def _held(district: str, year: int) -> dict[str, Standing]:
    """How each week stands that fell due, first week first."""
    owed: dict[str, list[Owed]] = defaultdict(list)
    filed: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in sql.rows(_OWED, (district, f"{year}-W01", f"{year}-W99")):
        owed[row["week"]].append(Owed(row["unit_code"], row["name"], row["due_at"]))
        if row["filed_at"] is not None:
            filed[row["week"]][row["unit_code"]] = row["filed_at"]
    return {week: standing.standing(found, filed[week]) for week, found in owed.items()}


def _ranked(held: dict[str, Standing]) -> list[dict[str, Any]]:
    """The townships by their rate in time, under their latest name."""
    words: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for stands in held.values():
        for one in stands.outcomes:
            words[one.owed.unit_code].append(one.word)
            names[one.owed.unit_code] = one.owed.name
    codes = sorted(words)
    places = standing.ranks([(words[code].count(standing.ON_TIME), len(words[code])) for code in codes])
    told = [_township(code, names[code], words[code], rank) for code, rank in zip(codes, places)]
    return sorted(told, key=lambda one: (one["rank"], one["unit_code"]))


def _township(code: str, name: str, words: list[str], rank: int | None) -> dict[str, Any]:
    figures = standing.counts(words)
    rows = standing.streak(word == standing.ON_TIME for word in words)
    return {
        "unit_code": code, "name": name, "rank": rank, **figures, "streak": rows.current,
        "longest_streak": rows.longest,
    }


def chart(year: int, *, actor: Actor, now: datetime) -> str:
    """Coverage week by week against the targets, as SVG."""
    until = _until(year, now)
    district, goals = _district(actor, year)
    points = body.burn_up(year, until, spans.planned(district["code"]), spans.built(district["code"]))
    return charts.svg(year, points, goals)
