"""A scheme: indicators with their weights, and what each fact adds or takes. Data, by half-years. Pure.

Points are whole tenths inside, numbers with one decimal outside. The weights add up to 100: an indicator begins
with its weight, loses and gains by its lines, and never falls below nothing nor rises above weight plus ``most``.
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.assessment.rules import AGENT_SUBJECT, DEPARTMENT_SUBJECT, SUBJECTS, UNIT_SUBJECT, periods
from backend.assessment.rules.kinds import KINDS
from backend.core.problems import Problem, Text, invalid

BASE = 1000
_BOTH, _ALL = [AGENT_SUBJECT, UNIT_SUBJECT], [AGENT_SUBJECT, UNIT_SUBJECT, DEPARTMENT_SUBJECT]
_PLACES = [UNIT_SUBJECT, DEPARTMENT_SUBJECT]

DEFAULT: dict[str, Any] = {
    "indicators": [
        {"code": "timeliness", "name": "办理时效", "weight": 30, "most": 0, "events": [
            {"kind": "card_yellow", "points": -1, "to": _ALL}, {"kind": "card_red", "points": -2, "to": _ALL},
            {"kind": "card_district", "points": -1, "to": _ALL}, {"kind": "card_legal", "points": -3, "to": _ALL},
        ]},
        {"code": "service", "name": "服务规范", "weight": 30, "most": 0, "events": [
            {"kind": "no_one_time_notice", "points": -3, "to": _BOTH},
            {"kind": "second_notice", "points": -1, "to": _BOTH},
            {"kind": "complaint_upheld", "points": -3, "to": _BOTH},
            {"kind": "rating_lowest", "points": -2, "to": _BOTH}, {"kind": "rating_low", "points": -1, "to": _BOTH},
            {"kind": "voice_late", "points": -1, "to": _PLACES},
        ]},
        {"code": "presence", "name": "在岗值守", "weight": 20, "most": 0, "events": [
            {"kind": "nobody_at_window", "points": -2, "to": _BOTH},
            {"kind": "absent_at_inspection", "points": -5, "to": _BOTH},
            {"kind": "inspection_finding", "points": -1, "to": _BOTH},
        ]},
        {"code": "duties", "name": "工作落实", "weight": 20, "most": 0, "events": [
            {"kind": "report_late", "points": -0.5, "to": _PLACES},
            {"kind": "report_missing", "points": -1, "to": _PLACES},
            {"kind": "order_unanswered", "points": -2, "to": _PLACES},
            {"kind": "problem_unsolved", "points": -1, "to": _PLACES},
            {"kind": "promise_broken", "points": -2, "to": _PLACES},
            {"kind": "criticism", "points": -2, "to": _ALL}, {"kind": "exposure", "points": -3, "to": _ALL},
            {"kind": "other_minus", "points": -1, "to": _ALL},
        ]},
        {"code": "merit", "name": "表扬加分", "weight": 0, "most": 10, "events": [
            {"kind": "praise", "points": 2, "to": _ALL}, {"kind": "other_plus", "points": 1, "to": _ALL},
        ]},
    ],
    "grades": [{"name": "优秀", "from": 95}, {"name": "良好", "from": 85}, {"name": "合格", "from": 70},
               {"name": "不合格", "from": 0}],
    "watch_below": 70,
}
"""The product's own, in force until a district decides otherwise (rules 10.6 and decision 0220)."""


class PeriodBegun(Problem):
    """A scheme holds for whole half-years: nobody is measured by rules that came later."""

    status, slug, title = 409, "period-begun", Text("该考核期已经开始，不能再改办法", "The half-year has begun")


@dataclass(frozen=True, slots=True)
class Event:
    """What a fact of a kind counts, in tenths, and for which kinds of subject."""

    kind: str
    indicator: str
    tenths: int
    to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A part of the hundred; ``weight`` and ``most`` in tenths."""

    code: str
    name: str
    weight: int
    most: int


@dataclass(frozen=True)
class Scheme:
    """A version of the scheme; number 0 is the product's own."""

    number: int
    from_period: str | None
    body: Mapping[str, Any]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """In the scheme's order."""
        return tuple(
            Indicator(one["code"], one["name"], tenths(one["weight"]), tenths(one["most"]))
            for one in self.body["indicators"]
        )

    @cached_property
    def events(self) -> dict[str, Event]:
        """What counts, by its kind."""
        return {
            event["kind"]: Event(event["kind"], one["code"], tenths(event["points"]), frozenset(event["to"]))
            for one in self.body["indicators"] for event in one["events"]
        }

    @property
    def watch_below(self) -> int:
        """The score, in tenths, under which somebody is to be watched."""
        return tenths(self.body["watch_below"])


USUAL = Scheme(0, None, DEFAULT)


def tenths(points: float) -> int:
    """Whole tenths of a number of points with one decimal."""
    return round(points * 10)


def points(count: int) -> float:
    """A number of points as the wire shows it."""
    return count / 10


def check(body: Mapping[str, Any]) -> None:
    """Invalid unless the weights add up to 100, nothing is named twice, and all has at most one decimal."""
    named = body["indicators"]
    _check_once("indicators", [one["code"] for one in named])
    _check_once("indicators", [event["kind"] for one in named for event in one["events"]])
    for place, one in enumerate(named):
        for name in ("weight", "most"):
            _check_tenth(f"indicators.{place}.{name}", one[name])
        for number, event in enumerate(one["events"]):
            _check_event(f"indicators.{place}.events.{number}", event)
    if sum(tenths(one["weight"]) for one in named) != BASE:
        raise invalid("indicators", "各项分值合计须为 100", "The weights must add up to 100.")
    falling = [grade["from"] for grade in body["grades"]]
    if falling != sorted(set(falling), reverse=True):
        raise invalid("grades", "等次须从高到低排列", "Grades go from the highest down.")
    for place, grade in enumerate(body["grades"]):
        _check_tenth(f"grades.{place}.from", grade["from"])
    _check_tenth("watch_below", body["watch_below"])


def _check_once(place: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise invalid(place, "不得重复", "Nothing twice.")


def _check_event(place: str, event: Mapping[str, Any]) -> None:
    _check_tenth(f"{place}.points", event["points"])
    if event["kind"] not in KINDS or event["points"] == 0:
        raise invalid(place, "没有这种事项，或者分值为零", "No such kind, or no points.")
    if len(set(event["to"])) != len(event["to"]) or not set(event["to"]) <= set(SUBJECTS):
        raise invalid(f"{place}.to", "考核对象有误", "Subjects, none twice.")


def _check_tenth(place: str, number: float) -> None:
    if abs(number * 10 - round(number * 10)) > 1e-6:
        raise invalid(place, "至多一位小数", "At most one decimal.")


def check_ahead(from_period: str, present: str) -> None:
    """PeriodBegun unless the half-year is still to come."""
    if not periods.is_period(from_period):
        raise invalid("from_period", "须形如 2026-H2", "Like 2026-H2.")
    if from_period <= present:
        raise PeriodBegun(present=present)
