"""Who is visited at home: age, disability, illness, a unit's own rule, a supervisor's word (rules 6). Pure."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.core.problems import Text, invalid
from backend.org import rules as tree
from backend.visits import rules
from backend.visits.rules import NotEligible

LEAST_AGE = 70


def age_on(id_number: str, day: date) -> int:
    """Full years on a day, by the birth date in an ID number (GB 11643); the birthday itself counts."""
    year, month_day = int(id_number[6:10]), (int(id_number[10:12]), int(id_number[12:14]))
    return day.year - year - ((day.month, day.day) < month_day)


def rule_of(unit_code: str, units: Sequence[Mapping[str, Any]]) -> str | None:
    """Whom the unit visits besides, by its own rule or that of a unit above it; the nearest counts."""
    found = [rule for rule in units if tree.contains(rule["unit_code"], unit_code)]
    found.sort(key=lambda rule: len(tree.prefix_of(rule["unit_code"])))
    return found[-1]["who"] if found else None


def check(
    reason: str, *, id_number: str | None, day: date, unit_rule: str | None, word: Mapping[str, Any] | None
) -> None:
    """NotEligible where the reason does not carry; disability and illness are as declared.

    ``age``: 70 or more on the day of the visit. ``unit_rule``: the unit has one. ``supervisor``: whoever said it is
    told. Invalid where a ``word`` is given for nothing.
    """
    if word is not None and reason != rules.SUPERVISOR_WORD:
        raise invalid("word", "只有以督查意见为由的才填写", "A supervisor's word goes with that reason only.")
    if reason == rules.AGE:
        _check_age(id_number, day)
    elif reason == rules.UNIT_RULE and unit_rule is None:
        raise _not("本机构没有另定上门服务对象", "The unit has no rule of its own.")


def _check_age(id_number: str | None, day: date) -> None:
    if id_number is None:
        raise _not("没有身份证号码，不能以年龄为由", "Without an ID number the age is not known.")
    if age_on(id_number, day) < LEAST_AGE:
        raise _not(f"上门当日须年满 {LEAST_AGE} 周岁", f"Must be {LEAST_AGE} or older on the day of the visit.")


def _not(zh: str, en: str) -> NotEligible:
    return NotEligible(errors={"reason": [Text(zh, en)]})


def is_very_old(id_number: str | None, day: date, from_age: int) -> bool:
    """Whether two of the staff, or one and a witness, must be there."""
    return id_number is not None and age_on(id_number, day) >= from_age
