"""Calling departments to a joint review, and putting it off (rules 8.4, 8.5)."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Invalid, Text, invalid
from backend.core.transaction import transaction
from backend.projects.actions import growing, informing, row
from backend.projects.models import JointReview, ReviewProcedure, Summons
from backend.projects.queries import reviews as found_reviews
from backend.projects.queries import rows
from backend.projects.queries import templates as names
from backend.projects.rules import handling, states, who
from backend.projects.rules import reviews as rules

_LAST = "SELECT max(n) FROM joint_review WHERE project_id = ?"


@transaction
def call(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Summon departments to a joint review of procedures of a project; its id.

    Without ``departments`` those that lead or join the procedures. NotFound, NotYourProject, IllegalMove; Invalid
    for procedures that are unknown or decided, unknown departments, a meeting that is over.
    """
    project = row.carried(given["project_id"], actor)
    row.move(project, "edit", None)
    agenda = _agenda(given["procedure_codes"], project, now, given["at"])
    wanted = given.get("departments") or list(dict.fromkeys(
        code for each in agenda for code in rules.participants(each)
    ))
    told = names.departments(wanted, clock.local_date(now).isoformat())
    missing = [code for code in wanted if code not in told]
    if missing:
        listed = ", ".join(missing)
        raise invalid("departments", f"没有这个部门：{listed}", f"No such department: {listed}.")
    review = _written(project, given, agenda, actor, now)
    about = informing.About(informing.REVIEW, review["id"], project)
    for code in wanted:
        sql.insert(Summons, **_summons(review, project, code, told[code], now))
        tell(about, review["meet_at"], code, told[code], 1, actor=actor, now=now)
    growing.let_read(project, wanted)
    ledger.record(
        "review.summon", informing.REVIEW, review["id"], scope=project["district_code"],
        fields=("state", "at", "departments"),
        detail={
            "project": project["number"], "n": review["n"], "at": clock.wire(review["meet_at"]),
            "procedures": [each["code"] for each in agenda], "departments": wanted,
        },
    )
    return str(review["id"])


def _agenda(codes: list[str], project: dict[str, Any], now: datetime, at: datetime) -> list[dict[str, Any]]:
    known = {each["code"]: each for each in rows.procedures(project["id"])}
    errors: dict[str, list[Text]] = {}
    missing = [code for code in codes if code not in known]
    decided = [
        code for code in codes if code in known and states.passed(known[code]["state"], known[code]["outcome"])
    ]
    if not codes:
        errors["procedure_codes"] = [Text("至少一项手续", "At least one procedure.")]
    if missing:
        told = ", ".join(missing)
        errors["procedure_codes"] = [Text(f"没有这项手续：{told}", f"No such procedure: {told}.")]
    elif decided:
        told = ", ".join(decided)
        errors["procedure_codes"] = [Text(f"该手续已办结：{told}", f"Finished already: {told}.")]
    if at <= now:
        errors["at"] = [Text("须在现在之后", "Must be still to come.")]
    if errors:
        raise Invalid(errors=errors)
    return [known[code] for code in codes]


def _written(
    project: dict[str, Any], given: Mapping[str, Any], agenda: list[dict[str, Any]], actor: Actor, now: datetime
) -> dict[str, Any]:
    review = {
        "id": ids.new(now), "project_id": project["id"], "n": (sql.value(_LAST, (project["id"],)) or 0) + 1,
        "district_code": project["district_code"], "state": rules.SUMMONED, "meet_at": given["at"],
        "place": given.get("place"), "agenda": given.get("agenda"), "leader": given.get("leader"),
        "weekly": given.get("weekly", False), "called_by": actor.id, "called_at": now,
        "minutes_due_on": rules.minutes_due(given["at"]),
    }
    sql.insert(JointReview, **review)
    sql.insert_many(ReviewProcedure, [{"review_id": review["id"], "procedure_id": each["id"]} for each in agenda])
    return review


def _summons(
    review: dict[str, Any], project: dict[str, Any], code: str, name: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": ids.new(now), "review_id": review["id"], "project_id": project["id"], "department_code": code,
        "department_name": name, "district_code": project["district_code"], "state": rules.SERVED, "served_at": now,
    }


def tell(
    about: informing.About, at: datetime, code: str, name: str, times: int, *, actor: Actor, now: datetime
) -> None:
    """Tell a department of its summons to a review; from the second one on its head as well.

    Once the meeting has begun nobody can come to it any more: the word is a written one then (0200).
    """
    to = informing.working(about, code) if times == 1 else informing.leading(about, code)
    informing.tell(
        "review_summoned" if now < at else "review_summoned_late", about, to, f"summons:{code}:{times}", actor=actor,
        now=now, at=at, department=name, times=times, days=rules.ANSWER_WORKING_DAYS,
    )


def serve_again(found: dict[str, Any], *, now: datetime, **values: Any) -> None:
    """Within an act that holds the review: serve a summons once more; it is signed for anew."""
    state = moves.move(rules.SUMMONS_MOVES, found["state"], "serve_again", rules.SUMMONS_NAMES)
    again = {
        "state": state, "times_served": found["times_served"] + 1, "served_at": now, "signed_by": None,
        "signed_at": None, "excuse": None, "excused_at": None, "answer_due_at": None,
    }
    row.amend(Summons, found, **again | values)


@transaction
def postpone(review_id: str, *, at: datetime, reason: str, actor: Actor, now: datetime) -> str:
    """Put a meeting off that has not begun: everybody is summoned anew; the review's id.

    NotFound, NotYourProject, IllegalMove, MeetingBegun, StaleVersion; Invalid for a moment that is over.
    """
    review = found_reviews.row(review_id, actor, lock=True)
    who.may_carry(actor.role, actor.id, review["agent_id"])
    moves.move(rules.REVIEW_MOVES, review["state"], "postpone", rules.REVIEW_NAMES)
    handling.check_running(review["project_state"])
    if now >= review["meet_at"]:
        raise rules.MeetingBegun()
    versions.check_seen(review, actor)
    if at <= now:
        raise invalid("at", "须在现在之后", "Must be still to come.")
    due_on = rules.minutes_due(at)
    row.amend(JointReview, review, meet_at=at, minutes_due_on=due_on)
    review |= {"meet_at": at, "minutes_due_on": due_on}
    about = informing.of_review(review)
    for each in found_reviews.summonses([review_id])[review_id]:
        serve_again(each, now=now)
        informing.tell(
            "review_postponed", about, informing.working(about, each["department_code"]),
            f"postponed:{review['version']}:{each['department_code']}", actor=actor, now=now, at=at, reason=reason,
            department=each["department_name"],
        )
    ledger.record(
        "review.postpone", informing.REVIEW, review_id, scope=review["district_code"], fields=("at",),
        detail={"to": clock.wire(at), "reason": reason},
    )
    return review_id
