"""Whether booking rules make sense together; a refusal names each field. Pure."""
from typing import Any

from backend.appointments.rules.offer import (
    CLOSURE,
    COUNTER,
    ONE_DAY,
    RECURRING,
    WEEKEND_DUTY,
    WORKING_DAY_CLOSE,
    WORKING_DAY_TIME,
)
from backend.core.daytime import minute_of
from backend.core.problems import Invalid, Text

MOST_CELLS = 2000
"""Cells that all windows of one unit may make together."""
MOST_WORKING_DAYS, MOST_MINUTES_BEFORE = 30, 43200

_NEEDED = {
    RECURRING: ("weekdays", "from", "to", "capacity"),
    WEEKEND_DUTY: ("from", "to", "capacity"),
    ONE_DAY: ("date", "from", "to", "capacity"),
    CLOSURE: ("date",),
}
_SENSELESS = {
    RECURRING: ("date",),
    WEEKEND_DUTY: ("date",),
    ONE_DAY: ("weekdays",),
    CLOSURE: ("weekdays", "desk", "capacity", "self_capacity", "services"),
}
_REQUIRED = Text("必填", "Missing data for required field.")
_MEANINGLESS = Text("此类规则不用这一项", "Has no meaning in a rule of this kind.")
_TWICE = Text("不得重复", "Must not name the same twice.")
_END = Text("须晚于开始时间", "Must be later than the beginning.")
_MULTIPLE = Text("时段长度须为时间格的整数倍", "The window must be a multiple of the grid.")
_OVERLAP = Text("与同一窗口的另一时段重叠", "Overlaps another window of the same desk.")
_UNKNOWN = Text("没有这项服务", "No such service.")
_PART = Text("不得多于总名额", "Must not be more than the capacity.")
_FOR_DAYS = Text(f"须为 1 到 {MOST_WORKING_DAYS} 的整数", f"Must be a whole number from 1 to {MOST_WORKING_DAYS}.")
_FOR_MINUTES = Text(
    f"须为 0 到 {MOST_MINUTES_BEFORE} 的整数", f"Must be a whole number from 0 to {MOST_MINUTES_BEFORE}."
)
_FOR_TIME = Text("须为时刻，如 12:00", "Must be a time of day, such as 12:00.")
_TOO_MANY = Text(f"号源格总数不得超过 {MOST_CELLS}", f"Must not make more than {MOST_CELLS} cells.")

Errors = dict[str, list[Text]]


def check(body: dict[str, Any]) -> None:
    """Invalid where a service, a rule or two of them together make no sense."""
    errors: Errors = {}
    _services(body["services"], errors)
    codes = {service["code"] for service in body["services"]}
    for n, rule in enumerate(body["rules"]):
        _rule(f"rules.{n}", rule, body["grid_minutes"], codes, errors)
    if not errors:
        _together(body["rules"], body["grid_minutes"], errors)
    if errors:
        raise Invalid(errors=errors)


def _services(services: list[dict[str, Any]], errors: Errors) -> None:
    seen: set[str] = set()
    for n, service in enumerate(services):
        if service["code"] in seen:
            errors[f"services.{n}.code"] = [_TWICE]
        seen.add(service["code"])
        wrong = _cutoff(service["cutoff"]) if service.get("cutoff") else None
        if wrong:
            errors[f"services.{n}.cutoff.value"] = [wrong]


def _cutoff(given: dict[str, Any]) -> Text | None:
    value, whole = given["value"], isinstance(given["value"], int)
    if given["kind"] == WORKING_DAY_TIME:
        return _FOR_TIME if whole else None
    if given["kind"] == WORKING_DAY_CLOSE:
        return None if whole and 1 <= value <= MOST_WORKING_DAYS else _FOR_DAYS
    return None if whole and 0 <= value <= MOST_MINUTES_BEFORE else _FOR_MINUTES


def _rule(at: str, rule: dict[str, Any], grid: int, codes: set[str], errors: Errors) -> None:
    for name in _NEEDED[rule["kind"]]:
        if name not in rule or rule[name] == []:
            errors[f"{at}.{name}"] = [_REQUIRED]
    for name in _SENSELESS[rule["kind"]]:
        if name in rule:
            errors[f"{at}.{name}"] = [_MEANINGLESS]
    for name in ("from", "to"):
        if rule["kind"] == CLOSURE and name not in rule and ("from" in rule or "to" in rule):
            errors[f"{at}.{name}"] = [_REQUIRED]
    if "from" in rule and "to" in rule:
        _window(at, rule, grid, errors)
    for name in ("weekdays", "services"):
        if len(set(rule.get(name, ()))) < len(rule.get(name, ())):
            errors[f"{at}.{name}"] = [_TWICE]
    if not set(rule.get("services", ())) <= codes:
        errors[f"{at}.services"] = [_UNKNOWN]
    if rule.get("self_capacity", 0) > rule.get("capacity", rule.get("self_capacity", 0)):
        errors[f"{at}.self_capacity"] = [_PART]


def _window(at: str, rule: dict[str, Any], grid: int, errors: Errors) -> None:
    span = minute_of(rule["to"]) - minute_of(rule["from"])
    if span <= 0:
        errors[f"{at}.to"] = [_END]
    elif span % grid and rule["kind"] != CLOSURE:
        errors[f"{at}.to"] = [_MULTIPLE]


def _together(rules: list[dict[str, Any]], grid: int, errors: Errors) -> None:
    windows = [(n, rule) for n, rule in enumerate(rules) if rule["kind"] != CLOSURE]
    spans = {n: (minute_of(rule["from"]), minute_of(rule["to"])) for n, rule in windows}
    if sum((end - start) // grid for start, end in spans.values()) > MOST_CELLS:
        errors["rules"] = [_TOO_MANY]
        return
    for n, later in windows:
        for earlier_n, earlier in windows[:n]:
            if earlier_n >= n:
                break
            (start, end), (from_minute, to_minute) = spans[n], spans[earlier_n]
            if start < to_minute and from_minute < end and _same_day(earlier, later):
                errors[f"rules.{n}.from"] = [_OVERLAP]
                break


def _same_day(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two windows of one desk can hold on the same day."""
    if one["kind"] != other["kind"] or one.get("desk", COUNTER) != other.get("desk", COUNTER):
        return False
    if one["kind"] == ONE_DAY:
        return bool(one["date"] == other["date"])
    if not one.get("weekdays") or not other.get("weekdays"):
        return True
    return bool(set(one["weekdays"]) & set(other["weekdays"]))
