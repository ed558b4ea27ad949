"""Coverage against its targets (rules 7.5, product: 建成率). Pure."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.core.problems import Invalid, Text

TOWNSHIP, VILLAGE = "township", "village"
LEVELS = (TOWNSHIP, VILLAGE)
LEVEL_NAMES = {TOWNSHIP: Text("乡镇街道", "township"), VILLAGE: Text("村居社区", "village")}
WHOLE = 100


def usual(year: int) -> dict[str, dict[str, Any]]:
    """Townships by 31 July, villages by 31 October, all of them, unless the district decided otherwise."""
    return {
        TOWNSHIP: {"level": TOWNSHIP, "target_on": date(year, 7, 31), "target_percent": WHOLE},
        VILLAGE: {"level": VILLAGE, "target_on": date(year, 10, 31), "target_percent": WHOLE},
    }


def in_force(decided: Sequence[Mapping[str, Any]], year: int) -> dict[str, dict[str, Any]]:
    """The target of each level; of those that the district said nothing of, the usual one."""
    return usual(year) | {
        one["level"]: {**one, "target_on": date.fromisoformat(one["target_on"])} for one in decided
    }


def check(items: Sequence[Mapping[str, Any]]) -> None:
    """Invalid where a level is named twice."""
    seen: set[str] = set()
    for place, one in enumerate(items):
        if one["level"] in seen:
            raise Invalid(errors={f"items.{place}.level": [Text("同一层级不得重复", "A level is named twice.")]})
        seen.add(one["level"])


def rate(built: int, planned: int) -> float | None:
    """Built ÷ planned in percent with one decimal; None where nothing is planned (not 0, and not 100).

    Rounded half up, in whole numbers, and 100.0 only where everything is built.
    """
    if planned == 0:
        return None
    tenths = (2000 * built + planned) // (2 * planned)
    return min(tenths, 1000 if built >= planned else 999) / 10
