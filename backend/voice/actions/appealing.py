"""Appeals against a low rating, by the township over the rated unit; upheld, it counts in no score (rules 10.3)."""
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.voice.actions import rectifying, telling
from backend.voice.models import RatingAppeal, Rectification
from backend.voice.queries import recipients, rectifications
from backend.voice.rules import rectifications as rules

SUBJECT = rectifications.SUBJECT
_ONE = "SELECT * FROM rating_appeal WHERE rectification_id = ?"
_EXCLUDE = "UPDATE rating SET excluded_at = ?, version = version + 1 WHERE id = ? AND excluded_at IS NULL"


@transaction
def appeal(rectification_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Hold the rating to be unfounded; the supervisor decides. NotFound, AlreadyAppealed, StaleVersion."""
    found = rectifications.row(rectification_id, actor, lock=True)
    if sql.row(_ONE, (rectification_id,)) is not None:
        raise rules.AlreadyAppealed()
    _touch(found, actor)
    sql.insert(
        RatingAppeal, id=ids.new(now), rectification_id=rectification_id, rating_id=found["rating_id"],
        agent_id=found["agent_id"], township_code=found["township_code"], district_code=found["district_code"],
        state=rules.ASKED, reason=reason, made_by=actor.id, made_at=now,
    )
    ledger.record(
        "rectification.appeal", SUBJECT, rectification_id, scope=found["district_code"], detail={"reason": reason}
    )
    told = recipients.supervisors(found["district_code"], {found["agent_id"]})
    values = {"number": rectifying.number_of(found)}
    telling.tell("rating_appealed", told, SUBJECT, found, values, "appeal", actor=actor, now=now)
    return rectification_id


@transaction
def decide(rectification_id: str, *, upheld: bool, answer: str, actor: Actor, now: datetime) -> str:
    """Decide an appeal. Upheld: the rating counts no more and nothing is to be put right; nothing is deleted.

    NotFound, NotAppealed, AppealDecided, StaleVersion.
    """
    found = rectifications.row(rectification_id, actor, lock=True)
    asked = sql.row(_ONE, (rectification_id,))
    if asked is None:
        raise rules.NotAppealed()
    if asked["state"] != rules.ASKED:
        raise rules.AppealDecided(state=asked["state"])
    verb = "uphold" if upheld else "reject"
    state = moves.move(rules.APPEAL_MOVES, asked["state"], verb)
    found = _touch(found, actor)
    sql.amend(
        RatingAppeal, asked["id"], asked["version"], state=state, answer=answer, decided_by=actor.id, decided_at=now
    )
    if upheld:
        sql.run(_EXCLUDE, (clock.to_micros(now), found["rating_id"]))
        ledger.record(
            "rating.exclude", "rating", found["rating_id"], scope=found["district_code"], fields=("excluded_at",),
            detail={"appeal": asked["id"]},
        )
        rectifying.drop(found, actor=actor, now=now)
    ledger.record(
        f"rectification.{verb}", SUBJECT, rectification_id, scope=found["district_code"], detail={"answer": answer}
    )
    values = {"number": rectifying.number_of(found), "outcome": "成立" if upheld else "不成立"}
    telling.tell(
        "rating_appeal_decided", [asked["made_by"]], SUBJECT, found, values, "decided", actor=actor, now=now
    )
    return rectification_id


def _touch(found: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The row, seen to be as the caller knows it, with its version grown by one; StaleVersion."""
    versions.check_seen(found, actor)
    versions.amend(Rectification, found, actor)
    return found | {"version": found["version"] + 1}
