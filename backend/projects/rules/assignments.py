"""What minutes charge one lead with, until when; issues that a weekly meeting keeps open (rules 8.5). Pure."""
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from backend.core.moves import Move
from backend.core.problems import Invalid, Text
from backend.projects.rules.states import AGENTS, DEPARTMENTS

OPEN, DONE = "open", "done"
STATES = (OPEN, DONE)
STATE_NAMES = {OPEN: Text("办理中", "open"), DONE: Text("已完成", "done")}
MOVES = {(OPEN, "complete"): Move(DONE, DEPARTMENTS), (DONE, "return"): Move(OPEN, AGENTS)}

Errors = dict[str, list[Text]]


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Whether it is not done although its day has passed."""
    return state == OPEN and due_on < today


def check(given: Sequence[Mapping[str, Any]], known: Collection[str], today: date) -> None:
    """Invalid unless each has one lead that exists, participants besides it, and a date that is not over."""
    errors: Errors = {}
    for place, each in enumerate(given):
        field = f"assignments.{place}"
        missing = [code for code in (each["lead_department"], *each["participants"]) if code not in known]
        if each["lead_department"] in missing:
            errors[f"{field}.lead_department"] = [Text("没有这个部门", "There is no such department.")]
        if set(missing) - {each["lead_department"]}:
            told = ", ".join(sorted(set(missing) - {each["lead_department"]}))
            errors[f"{field}.participants"] = [Text(f"没有这个部门：{told}", f"No such department: {told}.")]
        if each["lead_department"] in each["participants"]:
            errors[f"{field}.participants"] = [Text("牵头部门不再列为配合部门", "The lead does not take part as well.")]
        if each["due_on"] < today:
            errors[f"{field}.due_on"] = [Text("不能早于今天", "Must not be over already.")]
    if errors:
        raise Invalid(errors=errors)
