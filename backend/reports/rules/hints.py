"""What a clerk is told beside the prefilled draft: what must be said, and what is worth saying. Pure."""
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from backend.core.problems import Text
from backend.reports.rules import checklists, filing, sites
from backend.reports.rules.filing import Ground
from backend.reports.rules.targets import LEVEL_NAMES

SOON_DAYS = 60
MOST = 60


class Hint(NamedTuple):
    """A sentence about a field; ``required``: the report is not taken before it is seen to."""

    field: str
    told: Text
    required: bool


def of(
    body: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], ground: Ground,
    targets: Mapping[str, Mapping[str, Any]],
) -> list[Hint]:
    """First what filing would be refused for, then the rest; never more than can be read."""
    errors = filing.lacks(body, entries, ground)
    found = [Hint(name, told, True) for name, all_told in errors.items() for told in all_told]
    if not ground.newest:
        found.append(Hint("week", Text("以后的周报已经报送，本周报送不再改动站点登记",
                                       "A later week is filed; this one changes the register no more."), False))
    found += _against_target(entries, ground, targets)
    for place, entry in enumerate(entries):
        found += (Hint(f"sites.{place}.{name}", _of(entry, told), False) for name, told in _worth_saying(entry, ground))
    return found[:MOST]


def _of(entry: Mapping[str, Any], told: Text) -> Text:
    return Text(f"{entry['name']}：{told.zh}", f"{entry['name']}: {told.en}")


def _against_target(
    entries: Sequence[Mapping[str, Any]], ground: Ground, targets: Mapping[str, Mapping[str, Any]]
) -> Iterator[Hint]:
    for level, target in targets.items():
        left = sum(1 for one in entries if one["level"] == level and one["status"] != sites.BUILT)
        days = _days(ground.today, target["target_on"])
        name = LEVEL_NAMES[level]
        if left and days < 0:
            yield Hint("plan", Text(f"{name.zh}目标日已过 {-days} 天，还有 {left} 个站点未建成，请在计划中说明",
                                    f"{left} sites ({name.en}) unbuilt {-days} days after the target date"), False)
        elif left and days <= SOON_DAYS:
            yield Hint("plan", Text(f"离{name.zh}目标日还有 {days} 天，还有 {left} 个站点未建成",
                                    f"{left} sites ({name.en}) unbuilt, {days} days before the target date"), False)


def _days(today: date, target_on: date) -> int:
    return target_on.toordinal() - today.toordinal()


def _worth_saying(entry: Mapping[str, Any], ground: Ground) -> Iterator[tuple[str, Text]]:
    register, checklist = ground.sites[entry["unit_code"]], ground.checklist(entry)
    ready = checklists.is_ready(checklist, entry["readiness"])
    missing = "、".join(sites.lacking(entry, checklist))
    if ready and entry["status"] != sites.BUILT:
        yield "status", Text("清单已全部达标，报送后即为建成", "all items pass: it will be built once this is filed")
    elif entry["percent"] == sites.WHOLE and not ready and entry["status"] != sites.BUILT:
        yield "readiness", Text(f"进度已 100%，清单还差：{missing}", f"at 100 %, but lacks: {missing}")
    if entry["status"] == sites.BUILT and register["status"] == sites.BUILT and not ready:
        yield "readiness", Text(f"已建成，清单未核实：{missing}", f"built, but unverified: {missing}")
    if entry["status"] == sites.BUILT and not entry["agents_in_place"]:
        yield "agents_in_place", Text("已建成，还没有代办员到位", "built, but no agent is in place")
    if entry["planned_fen"] and entry["spent_fen"] > entry["planned_fen"]:
        yield "spent_fen", Text("已用资金超过计划，请核对", "more money spent than planned")
