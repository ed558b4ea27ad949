"""What a month's roster may say (rules 5.1, 5.7): its days, hours and people, and when it is to be out."""
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from backend.core.daytime import minute_of
from backend.core.problems import IllegalMove, Invalid, Text
from backend.people.rules import rosters

OUT_BEFORE = timedelta(days=5)
"""So long before its month a roster should be published; a township is reminded of those that are not."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class MonthOver(IllegalMove):
    """Who was on duty in a month that is over is a record and stays as it is."""

    slug, title = "roster-month-over", Text("该月已过，值班表不能再改", "The month is over; its roster stays")


class AlreadyPublished(IllegalMove):
    """A roster is published once; what changes afterwards is marked on it."""

    slug, title = "already-published", Text("值班表已发布", "The roster is published already")


class NobodyPlanned(IllegalMove):
    """A roster without shifts and on-call contacts is not published."""

    slug, title = "roster-empty", Text("值班表尚未排班，不能发布", "Nobody stands on this roster yet")


class Entry(NamedTuple):
    """A shift as it is planned; equal entries are the same shift."""

    day: date
    account_id: str
    desk: str
    from_minute: int
    to_minute: int
    services: tuple[str, ...]
    kind: str
    stand_in_id: str | None


class Colleague(NamedTuple):
    """What matters of an account that is named in a roster."""

    role: str
    unit_code: str | None
    disabled: bool


class Elsewhere(NamedTuple):
    """A shift of somebody at another unit."""

    account_id: str
    day: date
    from_minute: int
    to_minute: int
    unit_code: str


def days_of(month: str) -> tuple[date, date] | None:
    """The first and last day of ``2026-11``; None for any other text."""
    if not _MONTH.fullmatch(month) or not "1900" <= month[:4] <= "2199":
        return None
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def next_month(day: date) -> date:
    """The first day of the month after the one of ``day``."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def is_late(published_on: date | None, first: date, today: date) -> bool:
    """Whether a roster came out when its month had begun, or is not out though it has."""
    return (published_on or today) >= first


def entry(shift: Mapping[str, Any]) -> Entry:
    """The shift of a body in the shape of the wire."""
    return Entry(
        shift["date"], shift["account_id"], shift["desk"], minute_of(shift["from"]), minute_of(shift["to"]),
        tuple(dict.fromkeys(shift["services"])), shift["kind"], shift["stand_in_id"],
    )


def check_open(last: date, today: date) -> None:
    """MonthOver once the month's last day has passed."""
    if last < today:
        raise MonthOver()


def check_publishable(published: bool, planned: bool) -> None:
    """AlreadyPublished or NobodyPlanned."""
    if published:
        raise AlreadyPublished()
    if not planned:
        raise NobodyPlanned()


Errors = dict[str, list[Text]]


def check_sense(entries: list[Entry], on_call: list[tuple[date, str]], first: date, last: date) -> None:
    """Invalid names each shift out of its month, ending before it begins, standing in for itself or overlapping."""
    errors: Errors = {}
    for number, one in enumerate(entries):
        place = f"shifts.{number}"
        if not first <= one.day <= last:
            errors[f"{place}.date"] = [_OUTSIDE]
        if one.from_minute >= one.to_minute:
            errors[f"{place}.to"] = [Text("结束时间须晚于开始时间", "Must be later than from.")]
        if one.stand_in_id == one.account_id:
            errors[f"{place}.stand_in_id"] = [Text("不能由本人代岗", "Nobody stands in for himself.")]
    for number in _overlapping(entries):
        told = Text("同一人的班次时间重叠", "Overlaps a shift of the same person.")
        errors.setdefault(f"shifts.{number}.from", [told])
    seen: set[date] = set()
    for number, (day, _) in enumerate(on_call):
        if not first <= day <= last:
            errors[f"on_call.{number}.date"] = [_OUTSIDE]
        elif day in seen:
            errors[f"on_call.{number}.date"] = [Text("同一天只能安排一人", "One contact a day.")]
        seen.add(day)
    _refuse(errors)


_OUTSIDE = Text("日期不在该月内", "Not a day of this month.")


def _refuse(errors: Errors) -> None:
    if errors:
        raise Invalid(errors=errors)


def _overlapping(entries: list[Entry]) -> Iterable[int]:
    """The places of entries that begin before an earlier one of the same person and day has ended."""
    order = sorted(range(len(entries)), key=lambda n: (entries[n].account_id, entries[n].day, entries[n].from_minute))
    until = 0
    for before, after in pairwise([-1, *order]):
        one, last = entries[after], entries[before] if before >= 0 else None
        if last is None or (last.account_id, last.day) != (one.account_id, one.day):
            until = 0
        elif one.from_minute < until:
            yield after
        until = max(until, one.to_minute)


def check_people(
    unit_code: str, entries: list[Entry], on_call: list[tuple[date, str]], known: Mapping[str, Colleague],
    standing: set[Entry], contacts: set[tuple[date, str]],
) -> None:
    """Invalid names each account that is unknown, disabled or of elsewhere.

    What stands on the roster already may stay: whoever left office is kept there, but is not on duty.
    """
    errors: Errors = {}
    for number, one in enumerate(entries):
        if one in standing:
            continue
        for field in ("account_id", "stand_in_id"):
            told = _unfit(unit_code, getattr(one, field), known)
            if told:
                errors[f"shifts.{number}.{field}"] = [told]
    for number, contact in enumerate(on_call):
        told = None if contact in contacts else _unfit(unit_code, contact[1], known)
        if told:
            errors[f"on_call.{number}.account_id"] = [told]
    _refuse(errors)


def _unfit(unit_code: str, account_id: str | None, known: Mapping[str, Colleague]) -> Text | None:
    if account_id is None:
        return None
    found = known.get(account_id)
    if found is None or found.disabled:
        return Text("没有此在用账号", "No such enabled account.")
    if not rosters.belongs(unit_code, found.role, found.unit_code):
        return Text("须为本乡镇的代办员、受理员或乡镇管理员", "Must be an agent, operator or office of this township.")
    return None


def check_elsewhere(entries: list[Entry], others: Iterable[Elsewhere]) -> None:
    """Invalid names each shift during which its person stands on another unit's roster."""
    busy: dict[tuple[str, date], list[Elsewhere]] = {}
    for other in others:
        busy.setdefault((other.account_id, other.day), []).append(other)
    errors: Errors = {}
    for number, one in enumerate(entries):
        for other in busy.get((one.account_id, one.day), ()):
            if one.from_minute < other.to_minute and other.from_minute < one.to_minute:
                at = other.unit_code
                errors[f"shifts.{number}.from"] = [Text(f"此时段已在 {at} 值班", f"On duty at {at} at that time.")]
    _refuse(errors)
