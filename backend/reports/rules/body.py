"""The body of a bulletin, put together from what was read of one moment (rules 7.5). Pure."""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock
from backend.reports.rules import burnup, forecast, targets, weeks
from backend.reports.rules.burnup import Span
from backend.reports.rules.standing import LATE, MISSING, Outcome, Standing, ranks
from backend.reports.rules.targets import LEVELS, TOWNSHIP, VILLAGE

Place = tuple[str, str]
"""A level, and the nine digits of a township."""


@dataclass(frozen=True)
class Found:
    """What the tables say: how the week stands, the townships' names by code, since when each site counts.

    ``planned`` and ``built`` are stretches by place; ``targets`` by level; ``problems`` and ``errata`` rows as they
    are told.
    """

    week: str
    district: Mapping[str, Any]
    due_at: datetime | None
    as_of: date
    standing: Standing
    townships: Mapping[str, str]
    planned: Sequence[tuple[Place, Span]]
    built: Sequence[tuple[Place, Span]]
    targets: Mapping[str, Mapping[str, Any]]
    problems: Sequence[Mapping[str, Any]]
    errata: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Counts:
    """What was planned and built on the day of the bulletin, what of it is new, and what was built four weeks ago."""

    planned: Mapping[Any, int]
    built: Mapping[Any, int]
    new: Mapping[Any, int]
    before: Mapping[Any, int]

    def of(self, key: Any) -> tuple[int, int, int, int]:
        return self.planned.get(key, 0), self.built.get(key, 0), self.new.get(key, 0), self.before.get(key, 0)


def body(found: Found) -> dict[str, Any]:
    """All that a bulletin says before its number and its day are given."""
    by_place, by_level = _counts(found, lambda place: place), _counts(found, lambda place: place[0])
    outcomes = found.standing
    return {
        "week": found.week, "year": int(found.week[:4]), "district": dict(found.district),
        "due_at": found.due_at and clock.wire(found.due_at), "as_of": found.as_of.isoformat(),
        **outcomes.figures(),
        "late": [_named(one) for one in outcomes.named(LATE)],
        "missing": [_named(one) for one in outcomes.named(MISSING)],
        "coverage": [
            {"level": level, "unit_code": found.district["code"]} | covered(found, level, by_level.of(level))
            for level in LEVELS
        ],
        "townships": _ranked(found, by_place),
        "burn_up": burn_up(int(found.week[:4]), found.as_of, found.planned, found.built),
        "problems": list(found.problems), "errata": list(found.errata),
    }


def _named(one: Outcome) -> dict[str, Any]:
    return {"unit_code": one.owed.unit_code, "name": one.owed.name, "filed_at": one.filed_at and clock.wire(one.filed_at)}


def _counts(found: Found, key: Any) -> Counts:
    monday = weeks.monday_of(found.week) or found.as_of
    planned = [(key(place), span) for place, span in found.planned]
    built = [(key(place), span) for place, span in found.built]
    fresh = [(one, span) for one, span in built if span.from_on is not None and span.from_on >= monday]
    days = [found.as_of - timedelta(days=forecast.PACE_DAYS), found.as_of]
    stood = burnup.totals(built, days)
    return Counts(
        _last(burnup.totals(planned, days)), _last(stood), _last(burnup.totals(fresh, days)),
        {one: counts[0] for one, counts in stood.items()},
    )


def _last(totals: Mapping[Any, Sequence[int]]) -> dict[Any, int]:
    return {key: counts[-1] for key, counts in totals.items()}


def covered(found: Found, level: str, counts: tuple[int, int, int, int]) -> dict[str, Any]:
    """Coverage of a level, of the district or one township: now, its target, its pace, what that comes to."""
    planned, built, new, before = counts
    target = found.targets[level]
    full_on = forecast.full_on(planned, built, before, found.as_of)
    return {
        "planned": planned, "built": built, "rate_percent": targets.rate(built, planned), "new": new,
        "target_on": target["target_on"].isoformat(), "target_percent": target["target_percent"],
        "pace_a_week": forecast.pace_a_week(built, before),
        "needed_a_week": forecast.needed_a_week(
            planned, built, target["target_percent"], target["target_on"], found.as_of
        ),
        "forecast_on": full_on and full_on.isoformat(),
    }


def _ranked(found: Found, counts: Counts) -> list[dict[str, Any]]:
    """The townships by the coverage of their villages; those without villages come last."""
    words = {one.owed.unit_code: one for one in found.standing.outcomes}
    codes = sorted(found.townships)
    places = [counts.of((VILLAGE, code[:9])) for code in codes]
    ranked = ranks([(built, planned) for planned, built, _, _ in places])
    told = [
        {
            "unit_code": code, "name": found.townships[code], "rank": rank,
            "outcome": words[code].word if code in words else None,
            "own_built": counts.built.get((TOWNSHIP, code[:9]), 0) > 0,
        } | covered(found, VILLAGE, place)
        for code, rank, place in zip(codes, ranked, places)
    ]
    return sorted(told, key=lambda one: (one["rank"] or len(told) + 1, one["unit_code"]))


def burn_up(
    year: int, until: date, planned: Iterable[tuple[Place, Span]], built: Iterable[tuple[Place, Span]]
) -> list[dict[str, Any]]:
    """What stood at the end of each week of an ISO year, by level, in counts and in percent."""
    ends = burnup.sundays(year, until)
    days = [day for _, day in ends]
    wanted = burnup.totals(((place[0], span) for place, span in planned), days)
    stood = burnup.totals(((place[0], span) for place, span in built), days)
    nothing = [0] * len(days)
    return [
        {"week": week, "on": day.isoformat()} | {
            name: value for level in LEVELS for name, value in _point(
                level, wanted.get(level, nothing)[n], stood.get(level, nothing)[n]
            )
        }
        for n, (week, day) in enumerate(ends)
    ]


def _point(level: str, planned: int, built: int) -> Iterable[tuple[str, Any]]:
    return (level, targets.rate(built, planned)), (f"{level}_planned", planned), (f"{level}_built", built)
