"""Notices of the State Council on a year's days off, and the calendar that follows from them. Pure."""
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from backend.core.calendar import HOLIDAY, MAKEUP, REST, WORK
from backend.core.problems import Invalid, Text, invalid

FIRST_YEAR, LAST_YEAR = 2000, 2199
MOST_DAYS, LONGEST_NAME = 120, 60
MOST_PAPERS, LONGEST_PAPER = 20, 300
KEYS = ("year", "papers", "days")
IGNORED = ("$schema", "$id")
DAY = timedelta(days=1)


class Named(NamedTuple):
    """A day that a notice names: off, or worked to make up for one."""

    kind: str
    name: str


class Notice(NamedTuple):
    """A year's notice: where it was published, and the days it names."""

    year: int
    papers: tuple[str, ...]
    days: Mapping[date, Named]


class Laid(NamedTuple):
    """A day of the calendar."""

    kind: str
    name: str | None
    provisional: bool


def first_day(year: int) -> date:
    """The earliest date that the notice of ``year`` may name: 1 December of the year before."""
    return date(year - 1, 12, 1)


def notice_of(document: Any) -> Notice:
    """The notice in a holiday-cn document; Invalid names the field, and the date, that cannot be."""
    if not isinstance(document, dict):
        raise invalid("_schema", "须为 JSON 对象", "Must be a JSON object.")
    for key in document:
        if key not in KEYS + IGNORED:
            raise invalid(str(key)[:64], "不认识的字段", "Unknown field.")
    year = document.get("year")
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        span = f"{FIRST_YEAR}–{LAST_YEAR}"
        raise invalid("year", f"须为 {span} 的年份", f"Must be a year of {span}.")
    return Notice(year, _papers(document.get("papers", [])), _days(year, document.get("days")))


def _papers(given: Any) -> tuple[str, ...]:
    few = isinstance(given, list) and len(given) <= MOST_PAPERS
    if not few or not all(_is_line(paper, LONGEST_PAPER) for paper in given):
        raise invalid("papers", "须为文件网址列表", "Must be a list of the papers' addresses.")
    return tuple(given)


def _is_line(text: Any, longest: int) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= longest and text.isprintable() and bool(text.strip())


def _days(year: int, given: Any) -> dict[date, Named]:
    if not isinstance(given, list) or len(given) > MOST_DAYS:
        raise invalid("days", f"须为列表，至多 {MOST_DAYS} 个", f"Must be a list of at most {MOST_DAYS}.")
    found: dict[date, Named] = {}
    errors: dict[str, list[Text]] = {}
    for number, entry in enumerate(given):
        day, named, told = _day(year, entry)
        if day in found and told is None:
            told = Text(f"{day} 重复出现", f"{day} is named twice.")
        if told is not None or day is None or named is None:
            errors[f"days.{number}"] = [told or Text("格式不正确", "Not a day.")]
        else:
            found[day] = named
    if errors:
        raise Invalid(errors=errors)
    if not any(named.kind == HOLIDAY and day.year == year for day, named in found.items()):
        zh, en = f"{year} 年没有放假日期，可能尚未公布", f"No day off in {year}: not announced yet?"
        raise invalid("days", zh, en)
    return found


def _day(year: int, entry: Any) -> tuple[date | None, Named | None, Text | None]:
    if not isinstance(entry, dict) or set(entry) != {"name", "date", "isOffDay"}:
        return None, None, Text("须有且只有 name、date、isOffDay", "Must have name, date, isOffDay only.")
    day = _date(entry["date"])
    if day is None:
        return None, None, Text("date 须为日期，如 2026-02-26", "date is not a valid date.")
    if not _is_line(entry["name"], LONGEST_NAME) or type(entry["isOffDay"]) is not bool:
        return day, None, Text(f"{day} 的 name 或 isOffDay 不正确", f"name or isOffDay of {day} is not valid.")
    if not first_day(year) <= day <= date(year, 12, 31):
        zh, en = f"{day} 不在 {year} 年内（可自上年 12 月起）", f"{day} is not in {year} or the month before."
        return day, None, Text(zh, en)
    if not entry["isOffDay"] and day.weekday() < 5:
        zh, en = f"{day} 不是周末，不能调休上班", f"{day} is no weekend day: it cannot be a make-up day."
        return day, None, Text(zh, en)
    return day, Named(HOLIDAY if entry["isOffDay"] else MAKEUP, entry["name"]), None


def _date(given: Any) -> date | None:
    if isinstance(given, date):
        return given
    try:
        found = date.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return found if found.isoformat() == given else None


def document_days(notice: Notice) -> list[dict[str, Any]]:
    """The notice's days in holiday-cn form, in order."""
    return [
        {"name": named.name, "date": day.isoformat(), "isOffDay": named.kind == HOLIDAY}
        for day, named in sorted(notice.days.items())
    ]


def laid_out(notices: Mapping[int, Notice], from_on: date, to_on: date) -> Iterator[tuple[date, Laid]]:
    """The announced days of a stretch, as the loaded notices have them.

    A December day stands in two notices: the next year's has the last word, and until it is loaded
    the month is provisional. Days of a year without notice are not laid out.
    """
    day = from_on
    while day <= to_on:
        own, later = notices.get(day.year), notices.get(day.year + 1)
        named = (later and later.days.get(day)) or (own and own.days.get(day))
        if named:
            yield day, Laid(named.kind, named.name, day.month == 12 and later is None)
        elif own:
            yield day, Laid(fallback(day), None, day.month == 12 and later is None)
        day += DAY


def fallback(day: date) -> str:
    """The kind of a day that no notice names."""
    return WORK if day.weekday() < 5 else REST


def difference(before: Mapping[date, Laid], after: Mapping[date, Laid]) -> list[dict[str, str | None]]:
    """What changes for each date whose kind or name does; a date not laid out is Monday–Friday."""
    found: list[dict[str, str | None]] = []
    for day in sorted({*before, *after}):
        old, new = (days.get(day) or Laid(fallback(day), None, True) for days in (before, after))
        if old[:2] != new[:2]:
            name = new.name or old.name
            found.append({"date": day.isoformat(), "before": old.kind, "after": new.kind, "name": name})
    return found
