"""How a cell of the Excel form is read: a value, or Wrong, which says why. Pure."""
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.core.problems import Text
from backend.reports.rules import sites

ALL, NONE = "全部", "无"
_SPLIT = re.compile(r"[、，,;；\n]+")
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_YUAN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_STATUS = {told.zh: status for status, told in sites.STATUS_NAMES.items()}


class Wrong(Exception):
    """A cell cannot be read; says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.told = Text(zh, en)


def text(value: Any, longest: int) -> str | None:
    """A line of text of at most so many characters, whatever breaks it in the cell; None for a blank one."""
    found = paragraph(value, longest)
    return found and " ".join(found.split())


def paragraph(value: Any, longest: int) -> str | None:
    """Text of one or several lines, of at most so many characters; None for a blank one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    line = _ODD.sub("", str(value)).strip()
    if len(line) > longest:
        raise Wrong(f"不得超过 {longest} 个字", f"At most {longest} characters.")
    return line or None


def whole(value: Any, most: int) -> int:
    """A whole number from 0 to ``most``."""
    digits = str(value).strip().removesuffix("%").removesuffix("％").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or int(digits) > most:
        raise Wrong(f"须为 0 到 {most} 的整数", f"A whole number from 0 to {most}.")
    return int(digits)


def fen(value: Any) -> int:
    """An amount of yuan, in fen."""
    parts = _YUAN.fullmatch(str(value).strip().replace(",", "").replace("，", ""))
    amount = int(parts[1]) * 100 + int((parts[2] or "").ljust(2, "0")) if parts else None
    if amount is None or amount > sites.MOST_FEN:
        raise Wrong("须为至多两位小数的金额，如 12000 或 12000.50", "An amount, as 12000 or 12000.50.")
    return amount


def status(value: Any) -> str:
    """A status by its Chinese name."""
    found = _STATUS.get(str(value).strip())
    if found is None:
        raise Wrong(f"须为 {'、'.join(_STATUS)} 之一", "Not a status.")
    return found


def passed(value: Any, items: Sequence[tuple[str, str]]) -> dict[str, bool]:
    """Which items of the checklist pass, named by text or code."""
    words = str(value).strip()
    if words in (ALL, NONE):
        return {code: words == ALL for code, _ in items}
    known = {told: code for code, told in items} | {code: code for code, _ in items}
    named = list(_named(words, known))
    odd = [part for part in named if part not in known]
    if odd:
        raise Wrong(f"现行清单中没有：{'、'.join(odd)[:100]}", "Not in the checklist.")
    found = {known[part] for part in named}
    return {code: code in found for code, _ in items}


def _named(words: str, known: Mapping[str, str]) -> Iterator[str]:
    """The items that a cell names; one whose own text holds the sign that parts them is found whole."""
    within = sorted((told for told in known if _SPLIT.search(told)), key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, within))})", words) if within else [words]
    for place, part in enumerate(parts):
        yield from (part,) if place % 2 else filter(None, map(str.strip, _SPLIT.split(part)))


def offered(value: Any, departments: Mapping[str, str]) -> dict[str, int]:
    """Service items by department."""
    found: dict[str, int] = {}
    for part in filter(None, _SPLIT.split(str(value).strip())):
        code, _, count = part.replace("：", ":").partition(":")
        if not (count.strip().isascii() and count.strip().isdigit()) or len(count.strip()) > 4:
            raise Wrong("须为 部门代码:件数，如 MZ:5、RS:3", "department:number, as MZ:5, RS:3.")
        if code.strip() not in departments:
            raise Wrong(f"没有部门 {code.strip()[:20]}", "No such department.")
        found[departments[code.strip()]] = int(count)
    return found


def day(value: Any) -> str:
    """A date as ISO text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    parts = _DAY.fullmatch(str(value).strip())
    try:
        found = date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        found = None
    if found is None:
        raise Wrong("须为日期，如 2026-09-30", "A date, as 2026-09-30.")
    return found.isoformat()
