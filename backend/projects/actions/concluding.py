"""The end of a joint review: its conclusion, its minutes, and what they charge departments with (rules 8.5)."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import numbering
from backend.projects.actions import growing, informing, row
from backend.projects.models import JointReview, ReviewAssignment
from backend.projects.queries import reviews as found_reviews
from backend.projects.queries import templates as names
from backend.projects.rules import assignments, handling, who
from backend.projects.rules import reviews as rules


def _taken(review_id: str, verb: str, actor: Actor) -> tuple[dict[str, Any], str]:
    """The review, held, and the state that a verb leads it to."""
    review = found_reviews.row(review_id, actor, lock=True)
    who.may_carry(actor.role, actor.id, review["agent_id"])
    handling.check_running(review["project_state"])
    return review, moves.move(rules.REVIEW_MOVES, review["state"], verb, rules.REVIEW_NAMES)


@transaction
def conclude(review_id: str, *, actor: Actor, now: datetime) -> str:
    """Close a joint review once every department has spoken, or is deemed to have; its id.

    NotFound, NotYourProject, IllegalMove, MeetingNotBegun, AnswersOutstanding, StaleVersion.
    """
    review, state = _taken(review_id, "conclude", actor)
    if now < review["meet_at"]:
        raise rules.MeetingNotBegun()
    called = found_reviews.summonses([review_id])[review_id]
    outstanding = [each["department_code"] for each in called if each["outcome"] is None]
    if outstanding:
        told = "、".join(each["department_name"] for each in called if each["outcome"] is None)
        raise rules.AnswersOutstanding(f"尚未答复：{told}", f"Outstanding: {told}", outstanding=outstanding)
    versions.check_seen(review, actor)
    row.amend(JointReview, review, state=state, concluded_at=now)
    ledger.record(
        "review.conclude", informing.REVIEW, review_id, scope=review["district_code"], fields=("state",),
        detail={each["department_code"]: [each["outcome"], each["counts_as"]] for each in called},
    )
    counts = _counts(called)
    about = informing.of_review(review)
    for each in called:
        informing.tell(
            "review_concluded", about, informing.working(about, each["department_code"]),
            f"concluded:{each['department_code']}", actor=actor, now=now, at=review["meet_at"], **counts,
        )
    return review_id


def _counts(called: Sequence[dict[str, Any]]) -> dict[str, int]:
    found = [each["outcome"] for each in called]
    return {
        "agreed": found.count(rules.AGREED), "deemed": found.count(rules.BY_ABSENCE),
        "objected": found.count(rules.OBJECTED) + found.count(rules.WITHOUT_REASONS),
    }


@transaction
def minute(
    review_id: str, *, text: str, charges: list[dict[str, Any]], actor: Actor, now: datetime
) -> str:
    """Issue the minutes and what they charge departments with, once, under a number; the review's id.

    Due two calendar days after the meeting; later ones are issued and marked late. NotFound, NotYourProject,
    IllegalMove, MeetingNotBegun, MinutesIssued, StaleVersion; Invalid names each assignment's fault.
    """
    review, state = _taken(review_id, "minute", actor)
    if now < review["meet_at"]:
        raise rules.MeetingNotBegun()
    if review["minutes_at"] is not None:
        raise rules.MinutesIssued()
    versions.check_seen(review, actor)
    _check(charges, now)
    today = clock.local_date(now)
    number = numbering.draw(review["district_code"], today)
    row.amend(
        JointReview, review, state=state, minutes=text, minutes_number=number, minutes_by=actor.id, minutes_at=now
    )
    made = [_assignment(review, n, each, now) for n, each in enumerate(charges, 1)]
    sql.insert_many(ReviewAssignment, made)
    project = informing.project_of(review)
    growing.let_read(project, [code for each in charges for code in _named(each)])
    ledger.record(
        "review.minute", informing.REVIEW, review_id, scope=review["district_code"], fields=("minutes",),
        outcome="late" if today > review["minutes_due_on"] else "in_time",
        detail={"number": number, "text": text, "assignments": [{**each, "due_on": each["due_on"].isoformat()}
                                                               for each in charges]},
    )
    _tell(review, number, made, actor, now)
    return review_id


def _named(assignment: dict[str, Any]) -> list[str]:
    return [assignment["lead_department"], *assignment["participants"]]


def _check(given: list[dict[str, Any]], now: datetime) -> None:
    today = clock.local_date(now)
    named = list(dict.fromkeys(code for each in given for code in _named(each)))
    assignments.check(given, names.departments(named, today.isoformat()), today)


def _assignment(review: dict[str, Any], n: int, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new(now), "review_id": review["id"], "project_id": review["project_id"], "n": n,
        "what": given["what"], "lead_department": given["lead_department"], "participants": given["participants"],
        "district_code": review["district_code"], "due_on": given["due_on"], "state": assignments.OPEN,
    }


def _tell(
    review: dict[str, Any], number: str, made: list[dict[str, Any]], actor: Actor, now: datetime
) -> None:
    """Tell every department that was called of the minutes, and each lead of what it is charged with."""
    about = informing.of_review(review)
    for each in found_reviews.summonses([review["id"]])[review["id"]]:
        informing.tell(
            "minutes_issued", about, informing.working(about, each["department_code"]),
            f"minutes:{each['department_code']}", actor=actor, now=now, minutes=number, count=len(made),
        )
    for each in made:
        task = informing.About(informing.ASSIGNMENT, each["id"], about.project)
        lead = informing.name_of(each["lead_department"])
        for code in _named(each):
            informing.tell(
                "assignment_given", task, informing.working(task, code), f"given:{code}", actor=actor, now=now,
                what=each["what"], department=lead, due=each["due_on"],
            )
