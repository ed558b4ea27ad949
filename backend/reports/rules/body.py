"""The body of a bulletin, put together from what was read of one moment (rules 7.5). Pure."""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.core import clock
from backend.reports.rules import burnup, forecast, targets
from backend.reports.rules.burnup import Span
from backend.reports.rules.standing import LATE, MISSING, Outcome, Standing, ranks
from backend.reports.rules.targets import LEVELS, TOWNSHIP, VILLAGE


@dataclass(frozen=True)
class Counts:
    """What is planned and built on the day of the bulletin, what of it is new, and what was built four weeks ago.

    Keys are a level and the nine digits of a township.
    """

    planned: Mapping[tuple[str, str], int]
    built: Mapping[tuple[str, str], int]
    new: Mapping[tuple[str, str], int]
    before: Mapping[tuple[str, str], int]

    def of(self, level: str, place: str) -> tuple[int, int, int, int]:
        """The four of one township."""
        key = level, place
        return self.planned.get(key, 0), self.built.get(key, 0), self.new.get(key, 0), self.before.get(key, 0)

    def in_all(self, level: str) -> tuple[int, int, int, int]:
        """The four of the whole district."""
        planned, built, new, before = (
            sum(count for (at, _), count in each.items() if at == level)
            for each in (self.planned, self.built, self.new, self.before)
        )
        return planned, built, new, before


@dataclass(frozen=True)
class Found:
    """What the tables say: how the week stands, the townships' names by code, what is built where and since when.

    ``as_of``: the day of which coverage is counted; ``today``: the one on which all this is told. ``planned`` and
    ``built`` are stretches by level; ``targets`` by level; ``problems`` and ``errata`` rows as they
    are told.
    """

    week: str
    district: Mapping[str, Any]
    due_at: datetime | None
    as_of: date
    today: date
    standing: Standing
    townships: Mapping[str, str]
    counts: Counts
    planned: Sequence[tuple[str, Span]]
    built: Sequence[tuple[str, Span]]
    targets: Mapping[str, Mapping[str, Any]]
    problems: Sequence[Mapping[str, Any]]
    errata: Sequence[Mapping[str, Any]]


def body(found: Found) -> dict[str, Any]:
    """All that a bulletin says before its number and its day are given."""
    outcomes = found.standing
    return {
        "week": found.week, "year": int(found.week[:4]), "district": dict(found.district),
        "due_at": found.due_at and clock.wire(found.due_at), "as_of": found.as_of.isoformat(),
        **outcomes.figures(),
        "late": [_named(one) for one in outcomes.named(LATE)],
        "missing": [_named(one) for one in outcomes.named(MISSING)],
        "coverage": [
            {"level": level, "unit_code": found.district["code"]} | covered(found, level, found.counts.in_all(level))
            for level in LEVELS
        ],
        "townships": _ranked(found),
        "burn_up": burn_up(int(found.week[:4]), found.as_of, found.planned, found.built),
        "problems": list(found.problems), "errata": list(found.errata),
    }


def _named(one: Outcome) -> dict[str, Any]:
    filed_at = one.filed_at and clock.wire(one.filed_at)
    return {"unit_code": one.owed.unit_code, "name": one.owed.name, "filed_at": filed_at}


def covered(found: Found, level: str, counts: tuple[int, int, int, int]) -> dict[str, Any]:
    """Coverage of a level, of the district or one township: now, its target, its pace, what that comes to."""
    planned, built, new, before = counts
    target = found.targets[level]
    full_on = forecast.ahead(forecast.full_on(planned, built, before, found.as_of), found.today)
    return {
        "planned": planned, "built": built, "rate_percent": targets.rate(built, planned), "new": new,
        "target_on": target["target_on"].isoformat(), "target_percent": target["target_percent"],
        "pace_a_week": forecast.pace_a_week(built, before),
        "needed_a_week": forecast.needed_a_week(
            planned, built, target["target_percent"], target["target_on"], found.as_of
        ),
        "forecast_on": full_on and full_on.isoformat(),
    }


def _ranked(found: Found) -> list[dict[str, Any]]:
    """The townships by the coverage of their villages; those without villages come last."""
    words = {one.owed.unit_code: one for one in found.standing.outcomes}
    codes = sorted(found.townships)
    places = [found.counts.of(VILLAGE, code[:9]) for code in codes]
    ranked = ranks([(built, planned) for planned, built, _, _ in places])
    told = [
        {
            "unit_code": code, "name": found.townships[code], "rank": rank,
            "outcome": words[code].word if code in words else None,
            "own_built": found.counts.built.get((TOWNSHIP, code[:9]), 0) > 0,
        } | covered(found, VILLAGE, place)
        for code, rank, place in zip(codes, ranked, places)
    ]
    return sorted(told, key=lambda one: (one["rank"] or len(told) + 1, one["unit_code"]))


def burn_up(
    year: int, until: date, planned: Iterable[tuple[str, Span]], built: Iterable[tuple[str, Span]]
) -> list[dict[str, Any]]:
    """What stood at the end of each week of an ISO year, by level, in counts and in percent."""
    ends = burnup.sundays(year, until)
    days = [day for _, day in ends]
    wanted, stood = burnup.totals(planned, days), burnup.totals(built, days)
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
