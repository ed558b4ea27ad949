"""The chart of coverage against its targets over the weeks of a year, told in Chinese. Pure."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.core import drawn
from backend.core.drawn import Chart, Line
from backend.reports.rules import burnup
from backend.reports.rules.targets import LEVEL_NAMES, LEVELS, TOWNSHIP, VILLAGE

SHAPES = {TOWNSHIP: ("1F6F5C", drawn.CIRCLE, drawn.DIAMOND), VILLAGE: ("B5472F", drawn.SQUARE, drawn.TRIANGLE)}
"""Of each level the colour, the mark of what was built and that of the target: told apart without colours too."""


def coverage(year: int, burn_up: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]) -> Chart:
    """Built in percent week by week, and from the last week on the way to each target.

    ``burn_up`` has a ``week`` and a percentage per level; ``targets`` level, target_on, target_percent.
    """
    count = burnup.weeks_in(year)
    built = {level: _values(burn_up, level, count) for level in LEVELS}
    lines = [
        Line(f"{LEVEL_NAMES[level].zh}建成率", built[level], SHAPES[level][0], SHAPES[level][1]) for level in LEVELS
    ]
    for target in targets:
        level, on = target["level"], date.fromisoformat(str(target["target_on"]))
        values = _aimed(built[level], year, on, target["target_percent"], count)
        colour, _, mark = SHAPES[level]
        lines.append(Line(f"{LEVEL_NAMES[level].zh}目标（{on.month}月{on.day}日）", values, colour, mark, dashed=True))
    told = "；".join(_told(line) for line in lines[:len(LEVELS)])
    return Chart(f"{year}年建成率与目标", [f"{week}周" for week in range(1, count + 1)], lines, told)


def svg(year: int, burn_up: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]) -> str:
    """The same as an SVG document."""
    return drawn.svg(coverage(year, burn_up, targets))


def _values(burn_up: Sequence[Mapping[str, Any]], level: str, count: int) -> list[float | None]:
    found: list[float | None] = [None] * count
    for point in burn_up:
        found[int(point["week"][6:]) - 1] = point[level]
    return found


def _aimed(built: Sequence[float | None], year: int, on: date, percent: float, count: int) -> list[float | None]:
    """The target in its week; where it lies ahead and is not met, also where the way to it begins."""
    found: list[float | None] = [None] * count
    at = on.isocalendar()
    known = [place for place, value in enumerate(built) if value is not None]
    if at.year != year:
        return found
    found[at.week - 1] = float(percent)
    if known and known[-1] < at.week - 1 and (built[known[-1]] or 0.0) < percent:
        found[known[-1]] = built[known[-1]]
    return found


def _told(line: Line) -> str:
    last = next((value for value in reversed(line.values) if value is not None), None)
    return f"{line.name}{'不适用' if last is None else f'{last:.1f}%'}"
