"""Staff report a problem to their township, which answers each."""
from datetime import date, datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, moves, sql, versions, workdays
from backend.core.actor import Actor
from backend.core.problems import Conflict, NotFound, StaleVersion, invalid
from backend.core.transaction import transaction
from backend.errands.queries import cases
from backend.files.actions import announcing
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.org import rules as tree
from backend.people.queries import posts
from backend.reports.models import FieldProblem
from backend.reports.queries import raised
from backend.reports.rules import raised as rules
from backend.reports.rules import tasks

SUBJECT = "problem"


@transaction
def report(given: dict[str, Any], *, problem_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Report a problem to the township; its id, which a phone may have made. Invalid names the field."""
    unit_code, resident_id = actor.unit_code or "", None
    if given.get("errand_id") is not None:
        resident_id = _resident_of(given["errand_id"], actor)
    problem_id, file_ids = problem_id or ids.new(now), list(dict.fromkeys(given.get("file_ids", ())))
    if not all(announcing.refer(each, (SUBJECT, problem_id), actor=actor, now=now) for each in file_ids):
        raise invalid("file_ids", "没有此文件", "No such file.")
    row = {
        "id": problem_id, "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "state": tasks.OPEN, "account_id": actor.id,
        "errand_id": given.get("errand_id"), "resident_id": resident_id, "text": given["text"],
        "asked_of": given.get("asked_of"), "file_ids": file_ids, "raised_at": now, "due_on": _due_on(unit_code, now),
    }
    sql.insert(FieldProblem, **row)
    ledger.record(
        "problem.report", SUBJECT, row["id"], scope=unit_code, fields=("state",),
        detail={"text": given["text"], "errand_id": row["errand_id"], "asked_of": row["asked_of"]},
    )
    to = posts.answering(row["township_code"], "head")["account_id"]
    if to is not None and to != actor.id:
        due = {"unit": units.unit(unit_code)["name"], "due": row["due_on"]}  # type: ignore[index]
        _tell("field_problem_raised", to, row, due, actor, now)
    return problem_id


def _resident_of(errand_id: str, actor: Actor) -> str:
    try:
        return str(cases.row(errand_id, actor)["resident_id"])
    except NotFound as error:
        raise invalid("errand_id", "没有此代办件", "No such errand.") from error


def _due_on(unit_code: str, now: datetime) -> date:
    present = calendars.present()
    closed = present.closed(unit_code)
    return workdays.deadline(
        present.calendar, clock.local_date(now), rules.ANSWER_WORKING_DAYS, closed=closed
    ).due_on


@transaction
def answer(problem_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Answer a problem of one's own subtree, once; who reported it is told. NotFound, IllegalMove, StaleVersion."""
    found = raised.row(problem_id, actor, lock=True)
    state = moves.move(rules.MOVES, found["state"], "answer", tasks.STATE_NAMES)
    versions.check_seen(found, actor)
    values = {"state": state, "answer": text, "answered_at": now, "answered_by": actor.id}
    if not sql.amend(FieldProblem, problem_id, found["version"], **values):
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    overdue = tasks.is_overdue(found["state"], found["due_on"], clock.local_date(now))
    ledger.record(
        "problem.answer", SUBJECT, problem_id, scope=found["unit_code"], fields=("state", "answer"),
        detail={"answer": text}, outcome="overdue" if overdue else "done",
    )
    if found["account_id"] != actor.id:
        _tell("field_problem_answered", found["account_id"], found, {}, actor, now)
    return problem_id


def _tell(template: str, to: str, row: dict[str, Any], values: dict[str, Any], actor: Actor, now: datetime) -> None:
    outbox.post(
        template, to=to, subject_type=SUBJECT, subject_id=row["id"], unit_code=row["unit_code"],
        dedupe=f"{SUBJECT}:{row['id']}:{template}", values={"by": actor.name} | values, actor=actor, now=now,
    )
