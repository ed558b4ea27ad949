"""Taking an errand in: registration, papers, mandate, acceptance, and the ways out before it."""
from datetime import date, datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import clock, ids, ledger, moves, sql
from backend.core.actor import AGENT, OPERATOR, TOWNSHIP, Actor
from backend.core.problems import Invalid, NotFound, invalid
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import row
from backend.errands.models import Errand, ErrandMaterial, ErrandNote, State
from backend.errands.queries import cases
from backend.files import queries as files
from backend.org import queries as units
from backend.org import rules as tree
from backend.people import queries as people
from backend.people.actions import residents

_SERIAL = """
INSERT INTO number_series (unit_code, day_on, last) VALUES (?, ?, 1)
ON CONFLICT (unit_code, day_on) DO UPDATE SET last = number_series.last + 1 RETURNING last
"""


@transaction
def register(
    *, item_code: str, channel: str, mandate: dict[str, Any], unit_code: str | None = None,
    resident: dict[str, Any] | None = None, resident_id: str | None = None,
    materials: list[dict[str, Any]] | None = None, note: str | None = None,
    claimed_at: datetime | None = None, agent_id: str | None = None, quantity: int = 1,
    actor: Actor, now: datetime,
) -> str:
    """Register a resident's errand; the caller becomes its first receiver. The errand's id."""
    today = clock.local_date(now)
    unit_code = _unit(unit_code, actor, today)
    item = _item(item_code, rules.credible(claimed_at, now), now)
    told = rules.told_papers(materials or [], item["materials"])
    _check_mandate(mandate, today, actor)
    township = tree.township_of(unit_code)
    resident_id = _resident(resident_id, resident, unit_code, township, actor, now)
    errand_id = ids.new(now)
    serial = sql.value(_SERIAL, (unit_code, today.isoformat()))
    number = rules.number(unit_code, today, serial)
    answering = _agent(agent_id, unit_code, actor)
    sql.insert(
        Errand, id=errand_id, number=number, state=State.REGISTERED, item_code=item_code,
        item_number=item["version"], quantity=quantity, unit_code=unit_code, township_code=township,
        district_code=tree.district_of(unit_code), resident_id=resident_id, channel=channel,
        first_receiver_id=actor.id, agent_id=answering, mandate_given_by=mandate["given_by"],
        mandate_expires_on=mandate["expires_on"], mandate_powers=mandate.get("powers"),
        mandate_file_id=mandate.get("file_id"), received_at=now, claimed_at=claimed_at, order_at=clock.NEVER,
        provisional=False, trips=0, paid_fen=0, version=1,
    )
    _lay_papers(errand_id, item["materials"], told, now)
    if note:
        sql.insert(
            ErrandNote, id=ids.new(now), errand_id=errand_id, account_id=actor.id, text=note, made_at=now,
            version=1,
        )
    ledger.record(
        "errand.register", "errand", errand_id, scope=unit_code, fields=("state", "number", "resident_id"),
        detail={
            "number": number, "item": item_code, "item_version": item["version"], "channel": channel,
            "agent_id": answering, "received": [name for name, there in told.items() if there],
            "mandate": {"given_by": mandate["given_by"], "expires_on": mandate["expires_on"]},
            "claimed_at": clock.wire(claimed_at), "note": note,
        },
    )
    return errand_id


def _unit(unit_code: str | None, actor: Actor, today: date) -> str:
    code = unit_code or actor.unit_code or ""
    own = actor.unit_code or ""
    reaches = tree.contains(own, code) if actor.role == TOWNSHIP else code == own
    unit = units.unit(code) if reaches else None
    if unit is None or not units.in_office(unit, today):
        raise invalid("unit_code", "没有此机构", "No such unit.")
    return code


def _item(item_code: str, at: datetime, now: datetime) -> dict[str, Any]:
    item = catalogue.in_force(item_code, clock.local_date(at))
    if item is None and at < now:
        item = catalogue.in_force(item_code, clock.local_date(now))
    if item is None:
        raise invalid("item_code", "没有此事项", "No such item.")
    return item


def _check_mandate(mandate: dict[str, Any], today: date, actor: Actor) -> None:
    if mandate["expires_on"] < today:
        raise invalid("mandate.expires_on", "委托期限已过", "The mandate has already expired.")
    if mandate.get("file_id") and files.visible(mandate["file_id"], actor) is None:
        raise invalid("mandate.file_id", "没有此文件", "No such file.")


def _resident(
    resident_id: str | None, given: dict[str, Any] | None, unit_code: str, township: str,
    actor: Actor, now: datetime,
) -> str:
    if (resident_id is None) == (given is None):
        raise invalid("resident", "须填写群众信息或群众编号之一", "Give either resident or resident_id.")
    if given is not None:
        try:
            return residents.register(
                township_code=township, unit_code=unit_code, name=given["name"], id_number=given["id_number"],
                phone=given.get("phone"), address=given.get("address"), actor=actor, now=now,
            )
        except Invalid as refused:
            raise refused.within("resident") from None
    try:
        return residents.take_up(str(resident_id), unit_code, actor=actor, now=now)
    except NotFound as error:
        raise invalid("resident_id", "没有此群众", "No such resident.") from error


def _agent(agent_id: str | None, unit_code: str, actor: Actor) -> str:
    """Named, else the caller if an agent, else the unit's only agent, else himself where it has none."""
    if agent_id is not None:
        found = people.account(agent_id)
        if found is None or found["disabled_at"] or not _may_answer(found, unit_code):
            raise invalid("agent_id", "没有此代办员", "No such agent.")
        return agent_id
    if actor.role == AGENT:
        return actor.id
    agents = people.agents_of(unit_code)
    if len(agents) > 1:
        raise invalid("agent_id", "本机构有多名代办员，请指定一名", "The unit has several agents; name one.")
    return agents[0]["id"] if agents else actor.id


def _may_answer(account: dict[str, Any], unit_code: str) -> bool:
    code = account["unit_code"] or ""
    if account["role"] == AGENT:
        return bool(code == unit_code or tree.township_of(unit_code) == code or tree.contains(unit_code, code))
    return account["role"] in (OPERATOR, TOWNSHIP) and code == unit_code


def _lay_papers(errand_id: str, papers: list[dict[str, Any]], told: dict[str, bool], now: datetime) -> None:
    sql.insert_many(ErrandMaterial, (
        {
            "errand_id": errand_id, "position": position, "name": paper["name"],
            "required": bool(paper["required"]), "may_defer": bool(paper["deferrable"]),
            "received_at": now if told.get(paper["name"]) else None,
        }
        for position, paper in enumerate(papers)
    ))


@transaction
def accept(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept the errand: from now its clock runs, the day of acceptance not counted (rules 1.2)."""
    found = row.movable(errand_id, actor)
    state = moves.move(rules.MOVES, found["state"], "accept", rules.STATE_NAMES)
    item = catalogue.version(found["item_code"], found["item_number"])
    rules.check_level(tree.level_of(actor.unit_code or ""), item["intake_levels"])
    rules.check_papers(cases.papers(errand_id))
    row.check_seen(found, actor)
    today = clock.local_date(now)
    rules.check_mandate(found["mandate_expires_on"], today)
    due = due_of(found, item, now)
    row.change(
        found, actor, state=state, accepted_at=now, due_at=due.due_at, order_at=due.due_at,
        reminder_at=due.reminder_at, yellow_at=due.yellow_at, provisional=due.provisional,
    )
    ledger.record(
        "errand.accept", "errand", errand_id, scope=found["unit_code"], fields=("state", "due_at"),
        detail={"due_at": clock.wire(due.due_at), "provisional": due.provisional},
    )
    return errand_id


def due_of(found: dict[str, Any], item: dict[str, Any], accepted_at: datetime) -> hours.Due:
    """What an errand accepted at that moment is due at, on the present calendar."""
    present = calendars.present()
    closed = present.closed(found["unit_code"])
    return hours.due_moments(item["kind"], item["promised_days"], accepted_at, present.calendar, closed)


@transaction
def decline(errand_id: str, *, reason: str, referral: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say no with a reason and a way on: where, whom, what to bring (rules 3.6)."""
    found = row.movable(errand_id, actor)
    state = moves.move(rules.MOVES, found["state"], "decline", rules.STATE_NAMES)
    row.check_seen(found, actor)
    row.change(found, actor, state=state, finished_at=now, order_at=clock.NEVER, reason=reason, referral=referral)
    ledger.record(
        "errand.decline", "errand", errand_id, scope=found["unit_code"],
        fields=("state", "reason", "referral"), detail={"reason": reason, "referral": referral},
    )
    return errand_id


@transaction
def withdraw(errand_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> str:
    """Take the errand back at the resident's wish, before completion."""
    found = row.movable(errand_id, actor)
    state = moves.move(rules.MOVES, found["state"], "withdraw", rules.STATE_NAMES)
    row.check_seen(found, actor)
    row.change(found, actor, state=state, finished_at=now, reason=reason)
    ledger.record(
        "errand.withdraw", "errand", errand_id, scope=found["unit_code"], fields=("state",),
        detail={"reason": reason},
    )
    return errand_id
