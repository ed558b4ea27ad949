"""A survey is drawn up, opened, closed, published; slips are given out for it."""
from datetime import datetime
from typing import Any

from backend.clocks import rules as hours
from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.org.rules import scope
from backend.surveys import rules
from backend.surveys.models import Survey
from backend.surveys.queries import surveys
from backend.surveys.rules import asking

SUBJECT = "survey"


@transaction
def draw_up(given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Draw a survey up; its id. Invalid names what makes no sense."""
    survey_id, values = ids.new(now), _values(given, actor, now)
    sql.insert(
        Survey, id=survey_id, state=rules.DRAFT, district_code=scope.district(actor), made_by=actor.id, made_at=now,
        **values,
    )
    _enter("draw_up", survey_id, scope.district(actor), ("state", *values), {"title": given["title"]})
    return survey_id


@transaction
def amend(survey_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Write a draft anew; IllegalMove once it is open, so that nobody answers another question than was counted."""
    found = surveys.own(survey_id, actor, lock=True)
    state = _move(found, "amend", actor)
    values = _values(given, actor, now)
    versions.amend(Survey, found, actor, state=state, **values)
    _enter("amend", survey_id, found["district_code"], tuple(values), {"title": given["title"]})
    return survey_id


@transaction
def open(survey_id: str, *, actor: Actor, now: datetime) -> str:
    """Open a draft: its questions stand from now on, and slips can be given out. Invalid after its last day."""
    found = surveys.own(survey_id, actor, lock=True)
    state = _move(found, "open", actor)
    if found["closes_at"] < now:
        raise invalid("closes_on", "截止日期已过", "Its last day is over.")
    versions.amend(Survey, found, actor, state=state, opened_at=now)
    _enter("open", survey_id, found["district_code"], ("state",), {})
    return survey_id


@transaction
def drop(survey_id: str, *, actor: Actor, now: datetime) -> str:
    """Give a draft up."""
    found = surveys.own(survey_id, actor, lock=True)
    versions.amend(Survey, found, actor, state=_move(found, "drop", actor))
    _enter("drop", survey_id, found["district_code"], ("state",), {})
    return survey_id


@transaction
def close(survey_id: str, *, actor: Actor, now: datetime) -> str:
    """Close a survey before its time; slips that were not used are worth nothing any more."""
    found = surveys.own(survey_id, actor, lock=True)
    _close(found, _move(found, "close", actor), actor, now)
    return survey_id


@transaction
def lapse(survey_id: str, *, actor: Actor, now: datetime) -> int:
    """Close a survey whose end has come; 1, or 0 where that was done."""
    suffix = sql.held()
    found = sql.row(f"SELECT * FROM survey WHERE id = ? AND state = 'open'{suffix}", (survey_id,))
    if found is None or found["closes_at"] >= now:
        return 0
    _close(found, rules.CLOSED, actor, now)
    return 1


def _close(found: dict[str, Any], state: str, actor: Actor, now: datetime) -> None:
    at = min(now, found["closes_at"])
    versions.amend(Survey, found, actor, state=state, closed_at=at)
    sql.run("DELETE FROM survey_slip WHERE survey_id = ?", (found["id"],))
    ledger.record("survey.close", SUBJECT, found["id"], scope=found["district_code"], fields=("state",), happened_at=at)
    outbox.post(
        "survey_closed", to=found["made_by"], subject_type=SUBJECT, subject_id=found["id"],
        unit_code=found["district_code"], values={"title": found["title"]}, dedupe=f"survey:{found['id']}:closed",
        actor=actor, now=now,
    )


@transaction
def publish(survey_id: str, *, actor: Actor, now: datetime) -> str:
    """Publish the results of a survey that is over; TooFewAnswers where nothing may be told."""
    found = surveys.own(survey_id, actor, lock=True)
    state = moves.move(rules.MOVES, found["state"], "publish", rules.STATE_NAMES)
    if surveys.answers(survey_id) < found["least_answers"]:
        raise rules.TooFewAnswers()
    versions.check_seen(found, actor)
    versions.amend(Survey, found, actor, state=state, published_at=now)
    _enter("publish", survey_id, found["district_code"], ("state",), {})
    return survey_id


def _move(found: dict[str, Any], verb: str, actor: Actor) -> str:
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    return state


def _values(given: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    asking.check(given["sections"])
    today, unit_codes = clock.local_date(now), list(dict.fromkeys(given.get("unit_codes", ())))
    if given["closes_on"] < today:
        raise invalid("closes_on", "截止日期已过", "Its last day is over.")
    for place, code in enumerate(unit_codes):
        unit = units.unit(code) if scope.reaches(actor, code) else None
        if unit is None or not units.in_office(unit, today):
            raise invalid(f"unit_codes.{place}", "没有此机构", "No such unit.")
    return {
        "title": given["title"], "introduction": given.get("introduction"), "sections": given["sections"],
        "unit_codes": unit_codes, "least_answers": given.get("least_answers", rules.LEAST_ANSWERS),
        "closes_at": hours.close_of(given["closes_on"]),
    }


def _enter(verb: str, survey_id: str, district_code: str, fields: tuple[str, ...], detail: dict[str, Any]) -> None:
    ledger.record(f"survey.{verb}", SUBJECT, survey_id, scope=district_code, fields=fields, detail=detail)
