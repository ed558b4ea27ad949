"""What a unit may say of itself, and who may change it."""
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from backend.core.problems import Forbidden, Invalid, Text
from backend.org import rules

DAY_KINDS = ("weekdays", "weekends")


def check_scope(actor_unit_code: str | None, code: str) -> None:
    """Forbidden unless the unit stands in the subtree that the account administers."""
    if actor_unit_code is not None and not rules.contains(actor_unit_code, code):
        raise Forbidden("只能修改本机构及其下级机构", "Only units of your own subtree may be changed")


def check_hours(hours: Mapping[str, Any] | None) -> None:
    """Invalid unless every period ends after it begins and begins no earlier than the last ended."""
    for kind in DAY_KINDS if hours else ():
        periods = (hours or {}).get(kind) or []
        if any(period["from"] >= period["to"] for period in periods):
            raise _wrong(f"office_hours.{kind}", "结束时间须晚于开始时间", "A period must end after it begins.")
        if any(one["to"] > other["from"] for one, other in pairwise(periods)):
            raise _wrong(f"office_hours.{kind}", "时段须依次且不得重叠", "Periods must be in order, apart.")


def check_validity(valid_from: date | None, valid_to: date | None, successor: str | None) -> None:
    """Invalid where a unit would leave office before it came, or has a successor while it stays."""
    if valid_from and valid_to and valid_to <= valid_from:
        raise _wrong("valid_to", "须晚于启用日期", "Must be later than valid_from.")
    if successor and valid_to is None:
        raise _wrong("successor_code", "指定承接机构时须同时填写停用日期", "A successor needs valid_to.")


def check_successor(code: str, chain: Iterable[str]) -> None:
    """Invalid where the line of successors, nearest first, is empty (unknown) or comes back."""
    line = list(chain)
    if not line:
        raise _wrong("successor_code", "承接机构不存在", "No such unit.")
    if code in line:
        raise _wrong("successor_code", "不能由本机构自己承接", "A unit must not succeed itself.")


def check_place(latitude: float | None, longitude: float | None) -> None:
    """Invalid where only one half of a position is known."""
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise _wrong(missing, "经度和纬度须同时填写", "Latitude and longitude go together.")


def _wrong(field: str, zh: str, en: str) -> Invalid:
    return Invalid(errors={field: [Text(zh, en)]})
