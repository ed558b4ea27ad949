"""Accountability: who answers for what, how grave it was, what came of it (rules 10.7). Pure."""
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core.problems import Problem, Text

LATE, REFUSAL, ABSENCE, FEES, ATTITUDE = "late", "refusal", "absence", "fees", "attitude"
PROMISE, FALSEHOOD, DATA, OTHER = "promise_broken", "false_report", "personal_data", "other"
CATEGORIES = (LATE, REFUSAL, ABSENCE, FEES, ATTITUDE, PROMISE, FALSEHOOD, DATA, OTHER)
MINOR, MODERATE, SERIOUS = "minor", "moderate", "serious"
SEVERITIES = (MINOR, MODERATE, SERIOUS)
CLEARED, REMINDED = "cleared", "reminder"
CRITICISM, ADMONITION, REMOVAL, DISCIPLINE = "criticism", "admonition", "removal", "discipline"
OUTCOMES = (CLEARED, REMINDED, CRITICISM, ADMONITION, REMOVAL, DISCIPLINE)
OUTCOME_NAMES = {
    CLEARED: Text("不予追究", "cleared"),
    REMINDED: Text("提醒谈话", "reminder"),
    CRITICISM: Text("通报批评", "criticism"),
    ADMONITION: Text("诫勉谈话", "admonition"), REMOVAL: Text("调离岗位或免职", "removal"),
    DISCIPLINE: Text("移送纪检监察机关", "sent to the disciplinary bodies"),
}
PENALTIES = (CRITICISM, ADMONITION, REMOVAL, DISCIPLINE)

WHOLE = {
    "person_name": Text("未写明责任人", "The person is missing"),
    "leader_name": Text("未写明负责领导", "The leader is missing"),
    "category": Text("未写明问题类别", "The category is missing"),
    "severity": Text("未写明情节轻重", "The severity is missing"),
    "outcome": Text("未写明处理结果", "The outcome is missing"),
}
"""A case cannot close without all of these (rules 10.7)."""
REMINDER = ("reminder", "reminded_by", "reminded_at", "remedy_due_on")
STATEMENT = ("statement", "stated_by", "stated_at")
FIELDS = {"person_name": "person", "leader_name": "leader"}


class CaseIncomplete(Problem):
    """Person, leader, category, severity or outcome is missing; ``errors`` names each."""

    status, slug, title = 422, "case-incomplete", Text("问责要素不全，不能结案", "The case is not complete")


class ReminderFirst(Problem):
    """A penalty needs an early reminder first, and its time to pass (rules 10.7)."""

    status, slug, title = 409, "reminder-first", Text(
        "先提醒、后问责：尚未提醒或整改期未满", "A penalty needs an early reminder, and its time to pass"
    )


class RemindedBefore(Problem):
    """The early reminder was given before."""

    status, slug, title = 409, "reminded-before", Text("已经提醒过", "The reminder was given before")


def check_whole(found: Mapping[str, Any]) -> None:
    """CaseIncomplete unless person, leader, category, severity and outcome are there."""
    errors = {FIELDS.get(name, name): [told] for name, told in WHOLE.items() if not found[name]}
    if errors:
        raise CaseIncomplete(errors=errors)


def unsaid(found: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, None]:
    """What no longer stands where another person answers: the reminder and the statement were the former one's.

    The same name with the account that was not known yet is the same person.
    """
    if "person_name" not in changed or changed["person_name"] == found["person_name"] and (
        found["person_id"] in (None, changed["person_id"])
    ):
        return {}
    return dict.fromkeys((*REMINDER, *STATEMENT))


def check_reminded(found: Mapping[str, Any], today: date) -> None:
    """ReminderFirst where the outcome is a penalty and no reminder's time has passed by ``today``."""
    if found["outcome"] in PENALTIES and (found["remedy_due_on"] is None or found["remedy_due_on"] >= today):
        raise ReminderFirst()
