"""A site's entry in the register and in a report: what it is made of, what changed, what it settles to. Pure."""
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backend.core.problems import Text
from backend.reports.rules import checklists
from backend.reports.rules.checklists import Checklist

PLANNED, BUILDING, BUILT = "planned", "building", "built"
STATUSES = (PLANNED, BUILDING, BUILT)
STATUS_NAMES = {
    PLANNED: Text("未开工", "planned"), BUILDING: Text("建设中", "building"), BUILT: Text("已建成", "built"),
}
DESIGNATED = "designated_agent"
WHOLE = 100

NUMBERS = ("agents_in_place", "agents_trained", "planned_fen", "spent_fen", "staff")
TEXTS = ("stage", "place", "equipment")
KEPT = ("stage", "percent", "readiness", "onboarded", "place", "equipment", *NUMBERS)
"""What the register keeps of a site besides its status, which is the unit's own."""
SAID = ("status", *KEPT, "reason")
MOST_FEN = 10**13
FIRST_STAGES = {PLANNED: "未开工", BUILDING: "建设中", BUILT: "已建成"}


def entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """The register's entry of a unit, from its row joined with what was said of it, if anything was.

    A built one stands at 100 percent, whoever said that it is built.
    """
    known = row["percent"] is not None
    status = row["status"]
    found: dict[str, Any] = {
        "unit_code": row["unit_code"], "name": row["name"], "level": row["level"], "site_type": row["site_type"],
        "status": status, "stage": row["stage"] if known else FIRST_STAGES[status],
        "percent": WHOLE if status == BUILT else row["percent"] or 0,
        "readiness": dict(row["readiness"] or {}), "onboarded": dict(row["onboarded"] or {}), "reason": None,
        "checklist_number": row["checklist_number"] or 0, "version": row["version"] or 0,
    }
    found |= {name: row[name] or 0 for name in NUMBERS}
    return found | {name: row[name] for name in ("place", "equipment")}


def overlaid(register: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The register's entry with what a report says of it; what it does not say stays."""
    found = dict(register) | {name: said[name] for name in SAID if name in said}
    if "readiness" in said:
        found["readiness"] = register["readiness"] | said["readiness"]
    return found


def settled(entry: Mapping[str, Any], checklist: Checklist) -> dict[str, Any]:
    """The entry with the status that its facts have: all items pass, it is built; begun, it is building.

    The stage follows while nobody has said more of it than another status.
    """
    status, percent = entry["status"], entry["percent"]
    if checklists.is_ready(checklist, entry["readiness"]):
        status, percent = BUILT, WHOLE
    elif status == PLANNED and percent > 0:
        status = BUILDING
    stage = FIRST_STAGES[status] if entry["stage"] in FIRST_STAGES.values() else entry["stage"]
    return {**entry, "status": status, "percent": percent, "stage": stage}


def falls(before: Mapping[str, Any], after: Mapping[str, Any], checklist: Checklist) -> Iterator[tuple[str, Text]]:
    """What a report takes back of what the register holds: the field, and how it falls."""
    if after["percent"] < before["percent"]:
        one, other = before["percent"], after["percent"]
        yield "percent", Text(f"进度由 {one}% 降为 {other}%", f"falls from {one} % to {other} %")
    if STATUSES.index(after["status"]) < STATUSES.index(before["status"]):
        was, now = STATUS_NAMES[before["status"]], STATUS_NAMES[after["status"]]
        yield "status", Text(f"状态由“{was.zh}”退为“{now.zh}”", f"falls from {was.en} to {now.en}")
    had, has = before["readiness"], after["readiness"]
    lost = [text for code, text in checklist.items if had.get(code) and not has.get(code)]
    if lost:
        yield "readiness", Text(f"不再达标：{'、'.join(lost)}", f"no longer passed: {', '.join(lost)}")


def lacking(entry: Mapping[str, Any], checklist: Checklist) -> list[str]:
    """The texts of the checklist's items that do not pass."""
    return [text for code, text in checklist.items if not entry["readiness"].get(code)]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What of the register a report changes."""
    return [name for name in ("status", *KEPT) if _said(before[name]) != _said(after[name])]


def _said(value: Any) -> Any:
    """A value as it is compared: of items and departments those that count."""
    return {name: one for name, one in value.items() if one} if isinstance(value, dict) else value


def without_gaps(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries as a filed report keeps them."""
    return [{"unit_code": one["unit_code"], **{name: one[name] for name in SAID}} for one in entries]
