"""The readiness checklists 四个一 and 十个一: versioned data; the product's own are samples. Pure."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from backend.core.problems import Invalid, Text, invalid
from backend.reports.rules.targets import TOWNSHIP, VILLAGE

MOST_ITEMS = 40


class Checklist(NamedTuple):
    """A version; ``items`` are (code, text) in order."""

    level: str
    number: int
    valid_from_on: date
    items: tuple[tuple[str, str], ...]
    sample: bool

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.items)


SAMPLES = {
    TOWNSHIP: Checklist(TOWNSHIP, 1, date(1900, 1, 1), (
        ("venue", "一处便民服务中心场所"), ("window", "一个代办服务窗口"), ("team", "一支专兼职代办员队伍"),
        ("rules", "一套工作制度"),
    ), True),
    VILLAGE: Checklist(VILLAGE, 1, date(1900, 1, 1), (
        ("room", "一间代办室（点）"), ("sign", "一块统一标识牌"), ("agent", "一名以上代办员"), ("desk", "一张办公桌椅"),
        ("computer", "一台电脑"), ("phone", "一部公开电话"), ("register", "一本代办登记台账"),
        ("catalogue", "一份代办事项目录"), ("card", "一张便民服务卡"), ("rules", "一套上墙制度"),
    ), True),
}
"""四个一 of a township and 十个一 of a village. Which four and which ten, no page of ours says: these are samples,
shown as such, until the district enters its own (decision 0177)."""


def in_force(level: str, versions: Sequence[Checklist], on: date) -> Checklist:
    """The latest version that is valid on a day."""
    valid = [one for one in versions if one.level == level and one.valid_from_on <= on]
    return max(valid, key=lambda one: (one.valid_from_on, one.number), default=SAMPLES[level])


def is_ready(checklist: Checklist, readiness: Mapping[str, bool]) -> bool:
    """Whether all items pass."""
    return all(readiness.get(code) for code in checklist.codes)


def check(items: Sequence[Mapping[str, Any]], valid_from: date, today: date) -> None:
    """Invalid for a code named twice, or a version that would hold from a day that has begun."""
    codes = [item["code"] for item in items]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise Invalid(errors={f"items.{place}.code": [Text("条目代码不得重复", "A code is named twice.")]})
    if valid_from <= today:
        raise invalid("valid_from", "最早自明日起生效", "Tomorrow at the earliest.")
