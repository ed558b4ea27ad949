"""The Excel form of a weekly report: its columns, its prefilled lines, and how each line is read. Pure.

One sheet holds all of it, a line per site, problem, and the plan; which of them a line is, its first cell says.
"""
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from backend.core.problems import Problem, Text
from backend.core.sheetparts import FORMULA, Fault, Row
from backend.reports.rules import cells, sites
from backend.reports.rules.filing import LONGEST_PLAN, MOST_PROBLEMS, Ground

SITE, PROBLEM, PLAN = "站点", "问题", "计划"
MOST_LINES, MOST_TOLD, MOST_PEOPLE = 1_100, 200, 100_000


class FormHasErrors(Problem):
    """Lines of the form are wrong; ``errors`` names line and column, and nothing of it was taken."""

    status, slug, title = 422, "form-has-errors", Text("表格有误，未导入", "The form has errors; nothing was taken")


class Column(NamedTuple):
    """A column; ``kind`` is the sort of line that uses it."""

    name: str
    title: str
    width: int
    kind: str
    hint: str


COLUMNS = (
    Column("kind", "类别", 8, "", f"{SITE}、{PROBLEM} 或 {PLAN}，不要改动"),
    Column("unit_code", "机构代码", 16, SITE, "不要改动"),
    Column("name", "机构名称", 18, SITE, "仅供辨认，不导入"),
    Column("status", "状态", 10, SITE, "未开工、建设中 或 已建成"),
    Column("stage", "阶段", 14, SITE, "如 选址、装修、调试"),
    Column("percent", "进度（%）", 10, SITE, "0 到 100 的整数"),
    Column("readiness", "已达标条目", 40, SITE, f"已达标的条目，用顿号隔开，或“{cells.ALL}”“{cells.NONE}”"),
    Column("place", "场所", 18, SITE, ""),
    Column("staff", "工作人员", 10, SITE, "人数"),
    Column("equipment", "设备", 18, SITE, ""),
    Column("agents_in_place", "到位代办员", 12, SITE, "人数"),
    Column("agents_trained", "已培训代办员", 12, SITE, "人数，不多于到位人数"),
    Column("planned_fen", "计划资金（元）", 14, SITE, "至多两位小数"),
    Column("spent_fen", "已用资金（元）", 14, SITE, "至多两位小数"),
    Column("onboarded", "上线事项", 24, SITE, "部门代码:件数，用顿号隔开，如 MZ:5、RS:3"),
    Column("reason", "下降原因", 24, SITE, "进度、状态或清单比登记退步时必填"),
    Column("text", "内容", 40, f"{PROBLEM}{PLAN}", "问题的内容；或下周计划"),
    Column("asked_of", "责任部门", 14, PROBLEM, "部门代码或全称"),
    Column("due_on", "答复期限", 12, PROBLEM, "日期，如 2026-09-30"),
)


@dataclass
class Reading:
    """What became of a form: the body of a draft, and what is wrong with it."""

    body: dict[str, Any] = field(default_factory=lambda: {"sites": [], "problems": [], "plan": ""})
    faults: list[Fault] = field(default_factory=list)


def lines(entries: Sequence[Mapping[str, Any]], body: Mapping[str, Any], ground: Ground) -> list[list[Any]]:
    """The prefilled lines: every site as it stands, the problems so far, the plan, some empty lines for problems."""
    found = [_site_line(entry, ground) for entry in entries]
    found += [
        _line({"kind": PROBLEM, "text": one["text"], "asked_of": one["asked_of"], "due_on": one["due_on"]})
        for one in body.get("problems") or ()
    ]
    empty = [_line({"kind": PROBLEM}) for _ in range(3)]
    return [*found, *empty, _line({"kind": PLAN, "text": body.get("plan") or None})]


def _line(values: Mapping[str, Any]) -> list[Any]:
    return [values.get(column.name) for column in COLUMNS]


def _site_line(entry: Mapping[str, Any], ground: Ground) -> list[Any]:
    passed = [text for code, text in ground.checklist(entry).items if entry["readiness"].get(code)]
    offered = [f"{code}:{count}" for code, count in sorted(entry["onboarded"].items()) if count]
    return _line(dict(entry) | {
        "kind": SITE, "status": sites.STATUS_NAMES[entry["status"]].zh, "readiness": "、".join(passed) or cells.NONE,
        "planned_fen": _yuan(entry["planned_fen"]), "spent_fen": _yuan(entry["spent_fen"]),
        "onboarded": "、".join(offered) or None,
    })


def _yuan(fen: int) -> Any:
    return fen // 100 if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"


def read(rows: Iterable[Row], ground: Ground) -> Reading:
    """Every line of a form, held against the register; the first row names the columns."""
    found, left, seen = Reading(), iter(rows), dict[str, int]()
    places = _places(next(left, Row(1, {})), found)
    if found.faults:
        return found
    for count, row in enumerate(left):
        if count == MOST_LINES or len(found.faults) >= MOST_TOLD:
            found.faults.append(Fault(row.number, "", Text("行数或错误过多，以下未检查", "Too many lines or errors.")))
            break
        _read_line(row, {name: row.cells.get(place) for name, place in places.items()}, ground, seen, found)
    if not found.body["sites"] and not found.faults:
        found.faults.append(Fault(1, "类别", Text("没有站点，空表不能导入", "There is no line of a site.")))
    return found


def _places(heading: Row, found: Reading) -> dict[str, int]:
    places: dict[str, int] = {}
    titles = {column.title: column.name for column in COLUMNS}
    for place, value in sorted(heading.cells.items()):
        name = titles.get("".join(str(value).split()))
        if name is not None:
            places.setdefault(name, place)
    for column in COLUMNS[:2]:
        if column.name not in places:
            found.faults.append(Fault(heading.number, column.title, Text("缺少此列；首行须为列名", "Column missing.")))
    return places


def _read_line(row: Row, given: dict[str, Any], ground: Ground, seen: dict[str, int], found: Reading) -> None:
    kind = str(given.pop("kind", "") or "").strip()
    if kind == SITE:
        _read_site(row, given, ground, seen, found)
    elif kind == PROBLEM:
        _read_problem(row, given, ground, found)
    elif kind == PLAN:
        told = _cell(row, "text", given.get("text"), lambda value: cells.paragraph(value, LONGEST_PLAN), found)
        found.body["plan"] = "\n".join(part for part in (found.body["plan"], told) if part)
        if len(found.body["plan"]) > LONGEST_PLAN:
            found.faults.append(Fault(row.number, "内容", Text(f"计划合计不得超过 {LONGEST_PLAN} 个字", "Too long.")))
    else:
        found.faults.append(Fault(row.number, "类别", Text(f"须为 {SITE}、{PROBLEM} 或 {PLAN}", "Not a kind of line.")))


def _cell(row: Row, name: str, value: Any, reader: Callable[[Any], Any], found: Reading) -> Any:
    """The cell's value, or None and a fault that names it."""
    if value is None or value == "":
        return None
    try:
        if value is FORMULA:
            raise cells.Wrong("含有公式，请复制后粘贴为数值", "A formula; paste its value.")
        return reader(value)
    except cells.Wrong as wrong:
        found.faults.append(Fault(row.number, _title(name), wrong.told))
        return None


def _title(name: str) -> str:
    return next(column.title for column in COLUMNS if column.name == name)


def _read_site(row: Row, given: dict[str, Any], ground: Ground, seen: dict[str, int], found: Reading) -> None:
    code = _cell(row, "unit_code", given.pop("unit_code", None), lambda value: cells.text(value, 20), found)
    register = ground.sites.get(code or "")
    if register is None or code is None:
        found.faults.append(Fault(row.number, "机构代码", Text("不是本乡镇（街道）在册的站点", "No site of yours.")))
        return
    if code in seen:
        told = Text(f"与第 {seen[code]} 行重复", f"The same as in line {seen[code]}.")
        found.faults.append(Fault(row.number, "机构代码", told))
    seen[code] = row.number
    said: dict[str, Any] = {"unit_code": code}
    for name, reader in _readers(register, ground).items():
        value = _cell(row, name, given.get(name), reader, found)
        if value is not None:
            said[name] = value
    found.body["sites"].append(said)


def _readers(register: Mapping[str, Any], ground: Ground) -> dict[str, Callable[[Any], Any]]:
    def people(value: Any) -> int:
        return cells.whole(value, MOST_PEOPLE)

    return {
        "status": cells.status, "stage": lambda value: cells.text(value, 40),
        "percent": lambda value: cells.whole(value, sites.WHOLE),
        "readiness": lambda value: cells.passed(value, ground.checklist(register).items),
        "place": lambda value: cells.text(value, 200), "equipment": lambda value: cells.text(value, 200),
        "staff": people, "agents_in_place": people, "agents_trained": people,
        "planned_fen": cells.fen, "spent_fen": cells.fen, "reason": lambda value: cells.paragraph(value, 500),
        "onboarded": lambda value: cells.offered(value, ground.departments),
    }


def _read_problem(row: Row, given: dict[str, Any], ground: Ground, found: Reading) -> None:
    text = _cell(row, "text", given.get("text"), lambda value: cells.paragraph(value, 1000), found)
    asked_of = _cell(row, "asked_of", given.get("asked_of"), lambda value: cells.text(value, 100), found)
    due_on = _cell(row, "due_on", given.get("due_on"), cells.day, found)
    if not text and not asked_of and not due_on:
        return
    if not text:
        found.faults.append(Fault(row.number, "内容", Text("请填写问题", "Say what the problem is.")))
    elif len(found.body["problems"]) == MOST_PROBLEMS:
        found.faults.append(Fault(row.number, "类别", Text(f"问题不得超过 {MOST_PROBLEMS} 个", "Too many problems.")))
    elif not asked_of or asked_of not in ground.departments:
        told = Text("没有这个部门，请填写部门代码或全称", "No such department.")
        found.faults.append(Fault(row.number, "责任部门", told))
    else:
        found.body["problems"].append({"text": text, "asked_of": asked_of, "due_on": due_on})


def refused(found: Reading) -> FormHasErrors:
    """The refusal of a form, naming line and column of each fault."""
    errors: dict[str, list[Text]] = {}
    for fault in found.faults[:MOST_TOLD]:
        place = f"第{fault.line}行 {fault.column}".strip()
        errors.setdefault(place, []).append(fault.told)
    return FormHasErrors(errors=errors)
