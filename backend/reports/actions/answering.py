"""A department answers what a township asked; its post is told of each problem (rules 7.6)."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import clock, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.people.queries import posts
from backend.reports.models import ReportProblem
from backend.reports.queries import tasks
from backend.reports.rules import tasks as rules

_TOLD = "UPDATE report_problem SET told_at = ? WHERE id = ? AND told_at IS NULL"


@transaction
def answer(task_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Answer a problem; its id. The township's duty post is told. NotFound, IllegalMove a second time, StaleVersion."""
    found = tasks.row(task_id, actor, lock=True)
    state = moves.move(rules.MOVES, found["state"], "answer", rules.STATE_NAMES)
    versions.check_seen(found, actor)
    done = sql.amend(
        ReportProblem, task_id, found["version"], state=state, answer=text, answered_at=now, answered_by=actor.id,
    )
    if not done:
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    to = posts.answering(found["unit_code"], "duty")
    if to["account_id"] is not None:
        _post("problem_answered", to["account_id"], found, f"problem:{task_id}:answered", actor, now)
    ledger.record(
        "problem.answer", "report_problem", task_id, scope=found["unit_code"], fields=("state", "answer"),
        detail={"department": found["department_code"], "answer": text},
        outcome="overdue" if rules.is_overdue(found["state"], found["due_on"], clock.local_date(now)) else "done",
    )
    return task_id


@transaction
def tell(batch: Sequence[dict[str, Any]], *, actor: Actor, now: datetime) -> int:
    """Tell departments of problems raised to them; of how many. One whose posts are all vacant waits."""
    count = 0
    for one in batch:
        to = posts.answering(one["department_code"], "duty", district=one["district_code"])
        if to["account_id"] is None or sql.run(_TOLD, (clock.to_micros(now), one["id"])) == 0:
            continue
        _post("problem_raised", to["account_id"], one, f"problem:{one['id']}:raised", actor, now)
        ledger.record(
            "problem.tell", "report_problem", one["id"], scope=one["unit_code"], happened_at=one["made_at"],
            detail={"to": to["account_id"], "post": to["post"], "department": one["department_code"]},
        )
        count += 1
    return count


def _post(
    template: str, to: str, one: dict[str, Any], dedupe: str, actor: Actor, now: datetime
) -> None:
    """A notice to a member of staff, sent at the next opening of the offices."""
    outbox.post(
        template, to=to, subject_type="report_problem", subject_id=one["id"], unit_code=one["unit_code"],
        dedupe=dedupe, not_before=hours.office_moment(calendars.calendar(), now),
        values={
            "unit": one["unit_name"], "department": one["department_name"], "problem": one["text"],
            "due": one["due_on"],
        },
        actor=actor, now=now,
    )
