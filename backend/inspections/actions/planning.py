"""Planning mystery visits: where, until when, who goes. Nobody is sent a notice of it; it is read in the plan."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import NotFound, invalid
from backend.core.transaction import transaction
from backend.inspections import rules
from backend.inspections.models import InspectionPlan
from backend.inspections.queries import plans
from backend.org import queries as units
from backend.org import rules as tree
from backend.org.rules import scope
from backend.visits.queries import agents

SUBJECT = "inspection_plan"


def unit_of(unit_code: str, actor: Actor, on: date) -> str:
    """The unit, where it is in office in the actor's district on that day; Invalid for any other, there or not."""
    found = units.unit(unit_code) if scope.reaches(actor, unit_code) else None
    if found is None or not units.in_office(found, on):
        raise invalid("unit_code", "没有此机构", "No such unit.")
    return unit_code


def check_inspector(account_id: str, unit_code: str, field: str) -> None:
    """Invalid unless the account is a supervisor of the unit's district who can sign in."""
    if not agents.is_supervisor(account_id, unit_code):
        raise invalid(field, "须为本区效能监督人员", "Must be a supervisor of this district.")


@transaction
def plan(given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Plan a visit; its plan's id. Invalid names what makes no sense."""
    values = _values(given, actor, now)
    plan_id = ids.new(now)
    sql.insert(
        InspectionPlan, id=plan_id, state=rules.PLANNED, district_code=tree.district_of(values["unit_code"]),
        made_by=actor.id, made_at=now, **values,
    )
    _enter("plan", plan_id, values, ("state", *values))
    return plan_id


@transaction
def amend(plan_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Write an open plan anew."""
    found = plans.row(plan_id, actor, lock=True)
    moved = _move(found, "amend", actor)
    values = _values(given, actor, now)
    versions.amend(InspectionPlan, found, actor, **moved, **values)
    _enter("amend", plan_id, values, tuple(values))
    return plan_id


@transaction
def drop(plan_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Give a plan up."""
    found = plans.row(plan_id, actor, lock=True)
    versions.amend(InspectionPlan, found, actor, **_move(found, "drop", actor), ended_for=reason)
    _enter("drop", plan_id, {"reason": reason}, ("state",))
    return plan_id


def done(plan_id: str, unit_code: str, inspection_id: str, *, actor: Actor, now: datetime) -> None:
    """Within the act that records the visit: the plan is done by it. Invalid where it is no open plan of this unit."""
    try:
        found = plans.row(plan_id, actor, lock=True)
    except NotFound:
        found = None
    if found is None or found["unit_code"] != unit_code or found["state"] != rules.PLANNED:
        raise invalid("plan_id", "须为该机构尚未完成的计划", "Must be an open plan of this unit.")
    state = moves.move(rules.PLAN_MOVES, found["state"], "visit", rules.PLAN_NAMES)
    versions.amend(InspectionPlan, found, actor, state=state, inspection_id=inspection_id)
    _enter("visit", plan_id, {"inspection_id": inspection_id}, ("state",))


def _move(found: dict[str, Any], verb: str, actor: Actor) -> dict[str, Any]:
    state = moves.move(rules.PLAN_MOVES, found["state"], verb, rules.PLAN_NAMES)
    versions.check_seen(found, actor)
    return {"state": state}


def _values(given: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    today = clock.local_date(now)
    if not today <= given["planned_on"] <= today + rules.OLDEST:
        raise invalid("planned_on", "须为今天起一年以内", "From today on, within a year.")
    unit_code = unit_of(given["unit_code"], actor, given["planned_on"])
    inspector_id = given.get("inspector_id") or actor.id
    check_inspector(inspector_id, unit_code, "inspector_id")
    return {
        "unit_code": unit_code, "planned_on": given["planned_on"], "inspector_id": inspector_id,
        "purpose": given.get("purpose"),
    }


def _enter(verb: str, plan_id: str, detail: dict[str, Any], fields: tuple[str, ...]) -> None:
    ledger.record(f"inspection_plan.{verb}", SUBJECT, plan_id, fields=fields, detail=detail)
