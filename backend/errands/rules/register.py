"""A paper register that is imported: its columns, what each line must be, what may be confirmed. Pure."""
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.core.actor import AGENT, OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Gone, Invalid, Problem, Text
from backend.core.sheetparts import FORMULA, Fault, Row
from backend.core.sheets import letter
from backend.errands.rules.cells import COLUMNS, Known, outcome_of

TAKERS = frozenset({AGENT, OPERATOR, TOWNSHIP})
CHECKED, CONFIRMED, LAPSED = "checked", "confirmed", "lapsed"
STATES = (CHECKED, CONFIRMED, LAPSED)
STATE_NAMES = {
    CHECKED: Text("待确认", "checked"), CONFIRMED: Text("已导入", "confirmed"), LAPSED: Text("已失效", "lapsed"),
}
MOVES = {(CHECKED, "confirm"): Move(CONFIRMED, TAKERS), (CHECKED, "lapse"): Move(LAPSED, frozenset({"system"}))}

KEPT = timedelta(days=7)
MOST_LINES, MOST_TOLD = 5_000, 500


class ImportHasErrors(Problem):
    """Lines of the register are wrong: it is corrected and handed in anew."""

    status, slug, title = 409, "import-has-errors", Text(
        "台账中有错误，未导入，请改正后重新上传", "The register has errors; correct it and hand it in anew"
    )


class AlreadyImported(Problem):
    """Since the check somebody else imported errands of the same numbers."""

    status, slug, title = 409, "already-imported", Text("有编号已被导入", "Some numbers were imported meanwhile")


@dataclass
class Reading:
    """What became of a register: its lines, ready to be stored, and what is wrong or noteworthy."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    count: int = 0


def read(rows: Iterable[Row], known: Known) -> Reading:
    """Every line of the register, held against what is known; the first row names the columns."""
    found, seen = Reading(), dict[tuple[str, str], int]()
    left = iter(rows)
    places = _places(next(left, Row(1, {})), found)
    if found.errors:
        return found
    for row in left:
        if found.count == MOST_LINES:
            found.errors.append(_fault(row, "", f"一次至多导入 {MOST_LINES} 行", f"At most {MOST_LINES} lines."))
            break
        found.count += 1
        before = len(found.errors)
        line = _line(row, places, known, found)
        named = {fault.column for fault in found.errors[before:]}
        found.errors += (fault for fault in _sense(row, line, seen) if named.isdisjoint(_EXCUSES.get(fault.column, ())))
        _name_staff(row, line, known, found)
        found.lines.append(line)
    if not found.count:
        found.errors.append(Fault(1, "", Text("没有可导入的行", "There is no line to import.")))
    return found


def _fault(row: Row, column: str, zh: str, en: str) -> Fault:
    return Fault(row.number, column, Text(zh, en))


def _places(heading: Row, found: Reading) -> dict[str, int]:
    """Where each column stands. Titles that are not ours are not repeated: they may be a person's data."""
    titles = {column.title: column.name for column in COLUMNS}
    places: dict[str, int] = {}
    for place, value in sorted(heading.cells.items()):
        title = "".join(str(value).split()).rstrip("*＊")
        name = titles.get(title)
        if name is None or value is FORMULA:
            found.warnings.append(_fault(heading, letter(place), "不认识的列名，此列不导入", "Unknown; left out."))
        elif name in places:
            found.errors.append(_fault(heading, title, "此列出现两次", "The column is there twice."))
        else:
            places[name] = place
    for column in COLUMNS:
        if column.required and column.name not in places:
            found.errors.append(_fault(heading, column.title, "缺少此列；首行须为列名", "The column is missing."))
    return places


def _line(row: Row, places: Mapping[str, int], known: Known, found: Reading) -> dict[str, Any]:
    line: dict[str, Any] = {"line": row.number}
    for column in COLUMNS:
        value = row.cells.get(places.get(column.name, -1))
        line[column.name] = None
        try:
            if value is not None and value != "":
                line[column.name] = column.read(value, known)
            if line[column.name] is None and column.required:
                raise Invalid(errors={"cell": [Text("必填", "Required.")]})
        except Invalid as refused:
            told = next(iter((refused.errors or {}).values()))[0]
            found.errors.append(Fault(row.number, column.title, told))
    line["unit_code"] = line["unit_code"] or known.own
    line["outcome"] = outcome_of(line["result"]) if line["result"] else None
    return line


_EXCUSES = {"联系电话": ("身份证号", "联系电话")}
"""Where one of these cells is wrong already, what is wrong between them is not told besides."""


def _sense(row: Row, line: Mapping[str, Any], seen: dict[tuple[str, str], int]) -> Iterator[Fault]:
    """What is wrong between the cells of a line, and with another line."""
    if not line["id_number"] and not line["phone"]:
        yield _fault(row, "联系电话", "身份证号和联系电话至少填写一项", "Give an ID number or a phone.")
    received = line["received_on"]
    for name, title in (("finished_on", "办结日期"), ("sent_up_on", "上报日期"), ("due_on", "应办结日期")):
        if received and line[name] and line[name] < received:
            yield _fault(row, title, "不得早于登记日期", "Not before the day of receipt.")
    if line["paper_number"] is None:
        return
    key = line["unit_code"], line["paper_number"]
    if key in seen:
        yield _fault(row, "编号", f"与第 {seen[key]} 行重复", f"The same as in line {seen[key]}.")
    else:
        seen[key] = row.number


def _name_staff(row: Row, line: dict[str, Any], known: Known, found: Reading) -> None:
    for name, title in (("first_receiver", "首问责任人"), ("agent", "代办员")):
        line[f"{name}_id"] = known.staff.get((line["unit_code"], line[name] or ""))
        if line[name] and line[f"{name}_id"] is None:
            zh = "不是本机构账号的姓名：系统内记为导入人，台账仍显示原名"
            found.warnings.append(_fault(row, title, zh, "No account of the unit; the importer is entered."))


def numbers_of(lines: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Unit and paper number of each line that has one."""
    return [(line["unit_code"], line["paper_number"]) for line in lines if line["paper_number"]]


def mark_taken(found: Reading, taken: Set[tuple[str, str]]) -> None:
    """Enter as errors the lines whose numbers were imported before; the errors stand by line."""
    for line in found.lines:
        if (line["unit_code"], line["paper_number"]) in taken:
            found.errors.append(
                Fault(line["line"], "编号", Text("此编号以前已经导入", "This number was imported before."))
            )
    found.errors.sort(key=lambda fault: fault.line)


def version_on(versions: Sequence[tuple[int, str, str | None]], day: str) -> int:
    """The version in force on a day, of (number, first day, day from which it is over); else the first."""
    running = (number for number, since, until in versions if since <= day and (until is None or day < until))
    return next(running, versions[0][0])


def check_confirmable(error_count: int, made_at: datetime, now: datetime) -> None:
    """ImportHasErrors where a line is wrong; Gone seven days after the check."""
    if now - made_at >= KEPT:
        raise Gone("检查结果已过期，请重新上传", "The check has lapsed; hand the register in anew")
    if error_count:
        raise ImportHasErrors(error_count=error_count)
