"""A file of divisions: each line checked, a bad one named by its number.

The form is ``code,name,level,parent_code`` (UTF-8, with or without BOM, LF or CRLF, any order of
lines); ``county`` is our district. The national table lists cities without districts twice, as a
city and as a county that is its own parent: that second line is the same body and is passed over.
"""
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from backend.core.problems import Problem, Text
from backend.org import rules

COLUMNS = ["code", "name", "level", "parent_code"]
LONGEST_NAME = 100
LEVELS = {**{level: level for level in rules.LEVELS}, "county": "district"}
RANKS = {level: rank for rank, level in enumerate(rules.LEVELS)}
_CODE = re.compile(r"(?!00)[0-9]{12}")
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")


class BadDivisions(Problem):
    """The file is refused whole; ``line`` is the number of the first bad line."""

    status, slug, title = 422, "bad-divisions", Text("区划文件有误，未导入", "Bad file; nothing imported")


class Division(NamedTuple):
    """One line of the file, in our words; ``parent_code`` is "" where the line names none."""

    line: int
    code: str
    name: str
    level: str
    parent_code: str


@dataclass
class Outline:
    """What is known of a file once each line was read.

    ``ranks`` by code, ``parents`` named, ``twice`` the lines and codes of a body said again.
    """

    ranks: dict[int, int] = field(default_factory=dict)
    parents: set[int] = field(default_factory=set)
    read: int = 0
    twice: list[tuple[int, int]] = field(default_factory=list)
    rootless: dict[int, int] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)


def bad_line(line: int, zh: str, en: str) -> BadDivisions:
    """The refusal of a file for one of its lines."""
    return BadDivisions(f"第 {line} 行：{zh}", f"Line {line}: {en}", line=line)


def divisions(data: bytes) -> Iterator[Division]:
    """The file's lines in order, blank ones left out; BadDivisions for one that is not in form."""
    lines = _lines(data)
    _, head = next(lines, (1, ""))
    if _fields(1, head) != COLUMNS:
        raise bad_line(1, "首行须为 code,name,level,parent_code", "the first line must be " + ",".join(COLUMNS))
    for number, text in lines:
        if text:
            yield _division(number, _fields(number, text))


def read_again(data: bytes) -> Iterator[Division]:
    """The lines of a file that ``outline`` has found in form, without those that say a body twice."""
    lines = _lines(data)
    next(lines)
    for number, text in lines:
        if text:
            code, name, word, parent = _fields(number, text)
            if parent != code:
                yield Division(number, code, name.strip(), LEVELS[word], parent)


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    start, number, size = 3 if data.startswith(b"\xef\xbb\xbf") else 0, 0, len(data)
    while start < size:
        end = data.find(b"\n", start)
        end = size if end < 0 else end
        number += 1
        try:
            yield number, data[start:end].removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            raise bad_line(number, "不是 UTF-8 编码", "not UTF-8") from None
        start = end + 1


def _fields(number: int, text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise bad_line(number, "引号不成对", f"bad quoting ({error})") from None


def _division(number: int, found: list[str]) -> Division:
    if len(found) != len(COLUMNS):
        raise bad_line(number, f"应有 4 列，实有 {len(found)} 列", f"4 columns expected, {len(found)} found")
    code, name, word, parent = found
    if not _CODE.fullmatch(code):
        raise bad_line(number, "代码须为 12 位数字", "code must be 12 digits, not beginning with 00")
    _check_name(number, name)
    level = LEVELS.get(word)
    if level is None:
        words = ", ".join(LEVELS)
        raise bad_line(number, f"级别须为其中之一：{words}", f"level must be one of {words}")
    if parent != code:
        _check_place(number, code, level, parent)
    return Division(number, code, name.strip(), level, parent)


def _check_name(number: int, name: str) -> None:
    if not name.strip():
        raise bad_line(number, "名称为空", "the name is empty")
    if len(name) > LONGEST_NAME:
        most = LONGEST_NAME
        raise bad_line(number, f"名称超过 {most} 个字", f"the name has more than {most} characters")
    if _ODD.search(name):
        raise bad_line(number, "名称中含有控制字符", "the name holds control characters")


def _check_place(number: int, code: str, level: str, parent: str) -> None:
    formed = rules.level_of(code)
    if formed != level and (level, formed) != ("district", "city"):
        raise bad_line(number, f"级别与代码 {code} 不符", f"the level does not fit the code {code}")
    if not parent:
        return
    if not _CODE.fullmatch(parent):
        raise bad_line(number, "上级代码须为 12 位数字", "parent_code must be 12 digits")
    if not rules.contains(parent, code):
        raise bad_line(number, f"上级 {parent} 不含 {code}", f"the parent {parent} does not contain {code}")


def outline(data: bytes) -> Outline:
    """The whole file read once; BadDivisions for a line out of form, a code given twice, no line at all."""
    found = Outline()
    for line, code, _, level, parent in divisions(data):
        found.read += 1
        if parent == code:
            found.twice.append((line, int(code)))
            continue
        if int(code) in found.ranks:
            raise bad_line(line, f"代码 {code} 重复", f"the code {code} was given before")
        found.ranks[int(code)] = RANKS[level]
        if parent:
            found.parents.add(int(parent))
        else:
            found.rootless.setdefault(RANKS[level], line)
            found.roots.append(code)
    if not found.read:
        raise bad_line(1, "文件中没有数据行", "the file holds no division")
    _check_roots(found)
    return found


def _check_roots(found: Outline) -> None:
    top = min(found.ranks.values(), default=0)
    for rank, line in sorted(found.rootless.items()):
        if rank != top:
            raise bad_line(line, "缺少上级代码", "parent_code is missing")


def check_parent(division: Division, ranks: dict[int, int]) -> None:
    """BadDivisions where the parent is neither in the file nor in the database, or not above."""
    rank = ranks.get(int(division.parent_code))
    if rank is None:
        parent = division.parent_code
        raise bad_line(division.line, f"上级 {parent} 不存在", f"the parent {parent} is missing")
    if rank >= RANKS[division.level]:
        raise bad_line(division.line, "上级的级别须高于本级", "the parent is not of a higher level")
