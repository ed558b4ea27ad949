"""Asking for a visit: whose, why, when she is at home, and which errands it is for."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, daytime, ids, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.errands.actions import intake, numbering
from backend.org import rules as tree
from backend.org.rules import units
from backend.visits import rules
from backend.visits.actions import telling
from backend.visits.models import Visit, VisitErrand
from backend.visits.queries import agents, household, settings
from backend.visits.rules import eligibility, late


@transaction
def request(given: dict[str, Any], *, visit_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Ask for a visit to a resident who cannot come (rules 6); the visit's id.

    ``given`` is the body of POST /visits, ``visit_id`` one that its phone made; a day that has passed is late entry.
    Invalid names the field that makes no sense, NotEligible where the reason does not carry.
    """
    today, window = clock.local_date(now), given["window"]
    unit_code = intake.unit_of(given.get("unit_code"), actor, today)
    late.check_day(window["date"], today)
    span = daytime.minute_of(window["from"]), daytime.minute_of(window["to"])
    rules.check_window(*span)
    units.check_place(given.get("latitude"), given.get("longitude"))
    resident_id = intake.resident_of(given, unit_code, actor, now)
    number, _ = household.resident(resident_id)
    decided = settings.in_force(window["date"])
    _check_reason(given, number, unit_code, decided.units)
    errand_ids = list(dict.fromkeys(given.get("errand_ids", ())))
    if errand_ids and not household.of_household(errand_ids, resident_id, actor):
        raise invalid("errand_ids", "须为同一户、尚未结束的代办件", "Open errands of the same household only.")
    visit = _visit(visit_id or ids.new(now), given, unit_code, resident_id, span, actor, now)
    visit["very_old"] = eligibility.is_very_old(number, window["date"], decided.two_from_age)
    sql.insert(Visit, **visit)
    sql.insert_many(VisitErrand, [{"visit_id": visit["id"], "errand_id": each} for each in errand_ids])
    _record(visit, given, errand_ids)
    _tell_supervisors(visit | {"version": 1}, actor, now)
    return str(visit["id"])


def _check_reason(given: dict[str, Any], number: str | None, unit_code: str, unit_rules: Any) -> None:
    word = given.get("word")
    eligibility.check(
        given["reason"], id_number=number, day=given["window"]["date"], word=word,
        unit_rule=eligibility.rule_of(unit_code, unit_rules),
    )
    if word is not None and not agents.is_supervisor(word["account_id"], unit_code):
        raise invalid("word.account_id", "须为本区效能监督人员", "Must be a supervisor of this district.")


def _visit(
    visit_id: str, given: dict[str, Any], unit_code: str, resident_id: str, span: tuple[int, int], actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    day, word = given["window"]["date"], given.get("word") or {}
    return {
        "id": visit_id, "number": numbering.draw(unit_code, clock.local_date(now)), "state": rules.REQUESTED,
        "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "resident_id": resident_id, "reason": given["reason"],
        "note": given.get("note"), "word_by": word.get("account_id"), "word": word.get("text"), "day_on": day,
        "from_minute": span[0], "to_minute": span[1], "place_sealed": _place(visit_id, given),
        "order_at": daytime.moment(day, span[0]), "requested_by": actor.id, "requested_at": now,
        "late": daytime.moment(day, span[1]) < now, "start_at": None, "agent_id": None,
    }


def _tell_supervisors(visit: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Who is named hears of it; where nobody is, all the supervisors of the district do."""
    if visit["reason"] != rules.SUPERVISOR_WORD:
        return
    named = visit["word_by"]
    for account_id in [named] if named else agents.supervisors(visit["district_code"]):
        act = "visit_on_your_word" if named else "visit_on_a_word"
        telling.tell_staff(act, visit, account_id, actor=actor, now=now)


def _place(visit_id: str, given: dict[str, Any]) -> bytes | None:
    if given.get("latitude") is None:
        return None
    return secrets.seal(orjson.dumps([given["latitude"], given["longitude"]]).decode(), f"visit|place|{visit_id}")


def _record(visit: dict[str, Any], given: dict[str, Any], errand_ids: list[str]) -> None:
    ledger.record(
        "visit.request", "visit", visit["id"], scope=visit["unit_code"], fields=("state", "number", "resident_id"),
        detail={
            "number": visit["number"], "reason": visit["reason"], "note": visit["note"], "word": given.get("word"),
            "window": given["window"] | {"date": visit["day_on"].isoformat()}, "errands": errand_ids,
            "late_entry": visit["late"],
        },
    )
