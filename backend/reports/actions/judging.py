"""What the office does with a report: sends it back, or accepts it."""
from datetime import datetime

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.people.queries import posts
from backend.reports.actions import row
from backend.reports.rules import filing


@transaction
def send_back(week: str, unit_code: str, *, reason: str, actor: Actor, now: datetime) -> list[str]:
    """Return a filed report with reasons; whoever answers for the township is told. Week and unit.

    NotFound, IllegalMove, StaleVersion, Invalid.
    """
    found, state = row.moved(week, unit_code, "return", actor=actor, now=now)
    filing.check_reason(reason)
    row.write(found, actor, state=state, returned_reason=reason)
    _tell(found.row["id"], found.row["revisions"], week, unit_code, reason, actor, now)
    ledger.record("report.return", "report", found.row["id"], scope=unit_code, fields=("state",),
                  detail={"reason": reason})
    return [week, unit_code]


def _tell(report_id: str, n: int, week: str, unit_code: str, reason: str, actor: Actor, now: datetime) -> None:
    to = posts.answering(unit_code, "duty")
    if to["account_id"] is not None:
        outbox.post(
            "report_returned", to=to["account_id"], subject_type="report", subject_id=report_id, unit_code=unit_code,
            values={"week": week, "reason": reason}, dedupe=f"report:{report_id}:returned:{n}", actor=actor, now=now,
        )


@transaction
def accept(week: str, unit_code: str, *, actor: Actor, now: datetime) -> list[str]:
    """Accept a filed report; week and unit. NotFound, IllegalMove, StaleVersion."""
    found, state = row.moved(week, unit_code, "accept", actor=actor, now=now)
    row.write(found, actor, state=state, returned_reason=None)
    ledger.record("report.accept", "report", found.row["id"], scope=unit_code, fields=("state",))
    return [week, unit_code]
