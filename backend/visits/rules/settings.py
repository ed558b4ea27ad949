"""What a district may decide about home visits, from a day on. Pure."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.problems import Invalid, invalid

NAME = "home-visits"
BOUNDS = {
    "buffer_minutes": (0, 120), "usual_minutes": (5, 480), "usual_travel_minutes": (0, 240),
    "speed_kmh": (3, 100), "road_percent": (100, 400), "two_from_age": (70, 120),
}
DEFAULT: dict[str, Any] = {
    "buffer_minutes": 0, "usual_minutes": 60, "usual_travel_minutes": 20, "speed_kmh": 25, "road_percent": 140,
    "two_from_age": 80, "units": [],
}
"""Time kept free after each visit; how long a visit, and a way not known, are thought to take; how fast one gets
on over how many percent of the straight line; from what age two of the staff (or a witness) must be there; the
units that visit others too, and whom."""

MOST_UNITS = 500
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Decided:
    """What holds on a day."""

    buffer_minutes: int
    usual_minutes: int
    usual_travel_minutes: int
    speed_kmh: int
    road_percent: int
    two_from_age: int
    units: Sequence[Mapping[str, Any]]


def decided_of(value: Mapping[str, Any]) -> Decided:
    """What a stored value tells; what it leaves out is as by default."""
    return Decided(**(DEFAULT | dict(value)))


def check(value: Any) -> None:
    """Invalid, naming the place, unless ``value`` is an object of some of these, each within its bounds."""
    if not isinstance(value, dict) or not value or not set(value) <= set(DEFAULT):
        known = ", ".join(DEFAULT)
        raise invalid("value", f"须为下列各项中的一些：{known}", f"Must have some of: {known}.")
    for name, (least, most) in BOUNDS.items():
        number = value.get(name, least)
        if type(number) is not int or not least <= number <= most:
            raise invalid(f"value.{name}", f"须为 {least} 至 {most} 的整数",
                          f"Must be a whole number from {least} to {most}.")
    _check_units(value.get("units", []))


def _check_units(units: Any) -> None:
    if not isinstance(units, list) or len(units) > MOST_UNITS:
        raise invalid("value.units", f"须为列表，至多 {MOST_UNITS} 项", f"Must be a list of at most {MOST_UNITS}.")
    for place, rule in enumerate(units):
        if not isinstance(rule, dict) or set(rule) != {"unit_code", "who"}:
            raise _wrong(place, "须有 unit_code、who 两项", "Must have unit_code and who, and nothing else.")
        if not isinstance(rule["unit_code"], str) or not _CODE.fullmatch(rule["unit_code"]):
            raise _wrong(place, "unit_code 须为 12 位机构代码", "unit_code has twelve digits.")
        if not isinstance(rule["who"], str) or not 1 <= len(rule["who"].strip()) <= 200:
            raise _wrong(place, "who 须说明上门对象，至多 200 字", "who tells whom, in at most 200 characters.")


def _wrong(place: int, zh: str, en: str) -> Invalid:
    return invalid(f"value.units.{place}", zh, en)
