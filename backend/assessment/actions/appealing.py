"""Appeals against lines: an upheld one writes the reversing line, and removes nothing (rules 10.6)."""
from datetime import datetime
from typing import Any

from backend.assessment.actions import telling
from backend.assessment.actions.adding import Writing
from backend.assessment.models import AssessmentAppeal
from backend.assessment.queries import appeals, lines, periods, written
from backend.assessment.rules import appeals as rules
from backend.assessment.rules.evidence import APPEAL, Written
from backend.assessment.rules.schemes import points
from backend.clocks import queries as calendars
from backend.clocks.rules.cards import OwnAppeal
from backend.core import ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import IllegalMove
from backend.core.transaction import transaction
from backend.notifications.actions import outbox


@transaction
def appeal(line_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Hold a line to be wrong; the appeal's id.

    NotFound, LineNotYours, IllegalMove where it was appealed against before or reversed, AppealTooLate.
    """
    seen = lines.row(line_id, actor)
    rules.may_appeal(actor, seen)
    half = periods.row(seen["district_code"], seen["period"], lock=True)
    found = lines.row(line_id, actor)
    moves.move(rules.MOVES, lines.state_of(found), "appeal", rules.STATE_NAMES)
    present = calendars.present()
    rules.check_in_time(half["settled_at"] if half else None, present.calendar, present.closed(found["unit_code"]), now)
    appeal_id = ids.new(now)
    sql.insert(
        AssessmentAppeal, id=appeal_id, line_id=line_id, standing_id=found["standing_id"],
        district_code=found["district_code"], township_code=found["township_code"], account_id=actor.id,
        reason=reason, made_at=now, state=rules.OPEN,
    )
    _record("assessment.appeal", appeal_id, found, {"reason": reason})
    return appeal_id


@transaction
def decide(appeal_id: str, *, upheld: bool, reason: str, actor: Actor, now: datetime) -> str:
    """Uphold an appeal, which reverses the line, or let it stand; the appeal's id.

    NotFound, OwnAppeal, IllegalMove where it was decided before, StaleVersion.
    """
    seen = appeals.row(appeal_id, actor)
    if seen["account_id"] == actor.id:
        raise OwnAppeal()
    line = lines.row(seen["line_id"], actor)
    periods.held([line["district_code"]])
    found, line = appeals.row(appeal_id, actor, lock=True), lines.row(seen["line_id"], actor)
    if found["state"] != rules.OPEN:
        raise IllegalMove("该申诉已裁定", "The appeal was decided before", state=found["state"], possible=[])
    versions.check_seen(found, actor)
    state = rules.UPHELD if upheld else rules.REJECTED
    versions.amend(
        AssessmentAppeal, found, actor, state=state, answer=reason, answered_by=actor.id, answered_at=now
    )
    if upheld and line["reversed_by"] is None:
        _reverse(line, actor, now)
    _record(f"assessment.{'uphold' if upheld else 'reject'}", appeal_id, line, {"reason": reason})
    _tell(found, upheld, reason, actor, now)
    return appeal_id


def _reverse(line: dict[str, Any], actor: Actor, now: datetime) -> None:
    standing = written.by_id([line["standing_id"]])[line["standing_id"]]
    writing = Writing(actor.id, now)
    stored = Written(
        line["id"], line["standing_id"], line["kind"], line["subject_type"], line["subject_id"], line["indicator"],
        line["tenths"], line["n"], None,
    )
    source = line["source_type"], line["source_id"]
    writing.reverse(standing, source, stored, line["effective_at"], APPEAL, line["note"])
    writing.done()


def _tell(found: dict[str, Any], upheld: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Who appealed is told; the score itself stands in it, so that nobody need look."""
    standing = written.by_id([found["standing_id"]])[found["standing_id"]]
    outbox.post(
        "score_appeal_decided", to=found["account_id"], subject_type="standing", subject_id=found["standing_id"],
        unit_code=standing["unit_code"], dedupe=f"score-appeal:{found['id']}",
        values={
            "name": standing["name"], "period": telling.told(found["period"]),
            "decision": "予以支持" if upheld else "维持原记录", "reason": reason,
            "score": points(standing["total_tenths"]),
        },
        actor=actor, now=now,
    )


def _record(action: str, appeal_id: str, line: dict[str, Any], detail: dict[str, Any]) -> None:
    ledger.record(
        action, "assessment_appeal", appeal_id, scope=line["unit_code"],
        detail={"line_id": line["id"], "standing_id": line["standing_id"], **detail},
    )
