"""Joint reviews: who was called, what counts as an answer, what an absence leads to (rules 8.4, 8.5). Pure."""
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from backend.clocks import rules as hours
from backend.core import clock
from backend.core.calendar import Calendar
from backend.core.moves import Move
from backend.core.problems import Problem, Text, invalid
from backend.projects.rules import states
from backend.projects.rules.states import AGENTS, DEPARTMENTS, NOBODY, SERVERS

SUMMONED, CONCLUDED = "summoned", "concluded"
REVIEW_STATES = (SUMMONED, CONCLUDED)
REVIEW_NAMES = {SUMMONED: Text("已召集", "summoned"), CONCLUDED: Text("已形成结论", "concluded")}
REVIEW_MOVES = {
    (SUMMONED, "postpone"): Move(SUMMONED, AGENTS),
    (SUMMONED, "conclude"): Move(CONCLUDED, AGENTS),
    (SUMMONED, "minute"): Move(SUMMONED, AGENTS),
    (CONCLUDED, "minute"): Move(CONCLUDED, AGENTS),
}
"""Minutes are due two calendar days after the meeting, even where answers are still awaited then (rules 8.5)."""

SERVED, SIGNED, EXCUSED = "served", "signed", "excused"
SUMMONS_STATES = (SERVED, SIGNED, EXCUSED)
SUMMONS_NAMES = {
    SERVED: Text("已送达待签收", "served"), SIGNED: Text("已签收", "signed"), EXCUSED: Text("已书面请假", "excused"),
}
SUMMONS_MOVES = {
    (SERVED, "sign"): Move(SIGNED, SERVERS),
    (SERVED, "excuse"): Move(EXCUSED, DEPARTMENTS),
    (SIGNED, "excuse"): Move(EXCUSED, DEPARTMENTS),
    (SERVED, "attend"): Move(SERVED, SERVERS),
    (SIGNED, "attend"): Move(SIGNED, SERVERS),
    (EXCUSED, "attend"): Move(EXCUSED, SERVERS),
    (SERVED, "serve_again"): Move(SERVED, NOBODY),
    (SIGNED, "serve_again"): Move(SERVED, NOBODY),
    (EXCUSED, "serve_again"): Move(SERVED, NOBODY),
    (SIGNED, "deem"): Move(SIGNED, NOBODY),
    (EXCUSED, "deem"): Move(EXCUSED, NOBODY),
}
"""``serve_again``: who never signed is served again (rules 8.4), and everybody where the meeting is put off."""

AGREE, OBJECT = "agree", "object"
DECISIONS = (AGREE, OBJECT)
AGREED, OBJECTED = "agreed", "objected"
WITHOUT_REASONS, BY_ABSENCE = "objected_without_reasons", "deemed_by_absence"
OUTCOMES = (AGREED, OBJECTED, WITHOUT_REASONS, BY_ABSENCE)
OUTCOME_NAMES = {
    AGREED: Text("同意", "agreed"),
    OBJECTED: Text("不同意", "objected"),
    WITHOUT_REASONS: Text("不同意但未说明理由", "objected without reasons"),
    BY_ABSENCE: Text("缺席视为同意进入下一环节", "deemed by absence"),
}
CONSENT, OBJECTION = "consent", "objection"

SETTING = "objection-without-reasons"
"""What an objection counts as that says no reasons: the district's to decide, consent unless it does (rules 8.4)."""
MINUTES_DAYS, ANSWER_WORKING_DAYS = 2, 2


class MeetingNotBegun(Problem):
    """Attendance, conclusion and minutes are of a meeting that has begun."""

    status, slug, title = 409, "meeting-not-begun", Text("会审尚未开始", "The meeting has not begun")


class MeetingBegun(Problem):
    """An excuse, or another date, comes before the meeting."""

    status, slug, title = 409, "meeting-begun", Text("会审已经开始", "The meeting has begun")


class AlreadyAnswered(Problem):
    """The department's answer stands; what it deems different now it says in the procedure, or to the supervisor."""

    status, slug, title = 409, "already-answered", Text("该部门已有结论", "The department has answered")


class AnswersOutstanding(Problem):
    """Departments have not answered; ``outstanding`` names them."""

    status, slug, title = 409, "answers-outstanding", Text("还有部门没有答复", "Answers are outstanding")


class MinutesIssued(Problem):
    """Minutes are issued once, numbered, and never change."""

    status, slug, title = 409, "minutes-issued", Text("纪要已经印发", "The minutes are issued")


def check_setting(value: Any) -> None:
    """Invalid unless it is one of the two words."""
    if value not in (CONSENT, OBJECTION):
        raise invalid("value", "须为 consent 或 objection", "Must be consent or objection.")


class Answer(NamedTuple):
    """What a department's word comes to, and what it counts as."""

    outcome: str
    counts_as: str


def answer(decision: str, reasons: str | None, without_reasons: str) -> Answer:
    """A department's own word; ``without_reasons``: what holds of the setting on that day."""
    if decision == AGREE:
        return Answer(AGREED, CONSENT)
    if reasons and reasons.strip():
        return Answer(OBJECTED, OBJECTION)
    return Answer(WITHOUT_REASONS, without_reasons)


DEEMED, AGAIN, AWAITED = "deemed", "again", "awaited"


def absence(state: str, signed_at: datetime | None, meet_at: datetime, *, deemable: bool) -> str:
    """What follows where a department did not come (rules 8.4).

    Only who had signed for the summons before the meeting can be deemed to consent by it, and only where consent by
    absence is not excluded. Who never signed is served again; of everybody else a written answer is awaited.
    """
    if state == SERVED:
        return AGAIN
    called = state == SIGNED and signed_at is not None and signed_at <= meet_at
    return DEEMED if called and deemable else AWAITED


def answer_due(after: datetime, calendar: Calendar, closed: Collection[date] = frozenset()) -> datetime:
    """Until when a written answer is awaited: close of the 2nd working day after the meeting, or a late signature."""
    found = hours.due_at(hours.limit_of(after, ANSWER_WORKING_DAYS, calendar, closed=closed))
    assert found is not None
    return found


def minutes_due(meet_at: datetime) -> date:
    """Two calendar days after the meeting; not moved by days off (rules 1.3, 8.5)."""
    return clock.local_date(meet_at) + timedelta(days=MINUTES_DAYS)


def own(department: str, agenda: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The procedures of an agenda that a department leads or joins; all of them where it does neither."""
    listed = list(agenda)
    takes_part = [each for each in listed if department in participants(each)]
    return takes_part or listed


def participants(procedure: Mapping[str, Any]) -> list[str]:
    """The departments that a procedure needs."""
    return [procedure["lead_department"], *procedure["joining_departments"]]


def deemable(department: str, agenda: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the department's absence can count as consent to anything of the agenda."""
    return any(each["absence_consent"] for each in own(department, agenda))


def spoken_at(summons: Mapping[str, Any], meet_at: datetime) -> datetime:
    """When an answer took effect: what was said at the meeting with the meeting, what came later when it came."""
    found: datetime = meet_at if summons["attended"] and summons["decision"] else summons["answered_at"]
    return max(found, meet_at)


def absent_since(
    procedure: Mapping[str, Any], summonses: Mapping[str, Mapping[str, Any]], meet_at: datetime, *, objected: bool
) -> datetime | None:
    """From when on the absence of a procedure's lead stands for its consent; None where it does not (yet).

    Not before all other departments of the procedure that were summoned have spoken, and only where none of them is
    against it (``objected``: one is, outside the review).
    """
    lead = summonses.get(procedure["lead_department"])
    if lead is None or lead["outcome"] != BY_ABSENCE or objected:
        return None
    called = [summonses[code] for code in participants(procedure) if code in summonses]
    if any(each["outcome"] is None or each["counts_as"] == OBJECTION for each in called):
        return None
    at = max(spoken_at(each, meet_at) for each in called)
    return at if _may_be_deemed(procedure, at) else None


def _may_be_deemed(procedure: Mapping[str, Any], at: datetime) -> bool:
    """Whether absence may stand for consent: not excluded, papers signed for by then, clock running (rules 8.3)."""
    served = procedure["state"] == states.SERVED and procedure["served_at"] is not None
    return bool(procedure["absence_consent"] and served and procedure["served_at"] <= at)
