"""Taking an errand in: registration, papers, mandate, acceptance, and the ways out before it."""
from datetime import date, datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks.actions import running as clocks
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import AGENT, TOWNSHIP, Actor
from backend.core.problems import Invalid, NotFound, invalid
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import findings, notifying, numbering, refusing, row, timing
from backend.errands.models import Errand, ErrandMaterial, ErrandNote, State
from backend.errands.queries import cases
from backend.errands.rules import hands, notices, refusals
from backend.errands.rules import papers as paperwork
from backend.files.actions import announcing
from backend.org import queries as units
from backend.org import rules as tree
from backend.people import queries as people
from backend.people.actions import residents


@transaction
def register(given: dict[str, Any], *, errand_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Register a resident's errand; the caller becomes its first receiver. The errand's id.

    ``given`` is the body of POST /errands; ``errand_id`` one that its phone made. Invalid names the field that makes
    no sense.
    """
    today = clock.local_date(now)
    unit_code = unit_of(given.get("unit_code"), actor, today)
    item = _item(given["item_code"], rules.credible(given.get("claimed_at"), now), now)
    told = paperwork.told_papers(given.get("materials", ()), item["materials"])
    _check_mandate(given["mandate"], today)
    resident_id = resident_of(given, unit_code, actor, now)
    errand = {
        "id": errand_id or ids.new(now),
        "item_number": item["version"],
        "unit_code": unit_code,
        "resident_id": resident_id,
        "agent_id": _agent(given.get("agent_id"), unit_code, actor),
    }
    errand |= _rest(errand, given, actor, now)
    _refer(errand, actor, now)
    laid = _laid(errand["id"], item["materials"], told, now)
    errand["number"] = numbering.draw(unit_code, today)
    sql.together([*sql.insertions(Errand, [errand]), *sql.insertions(ErrandMaterial, laid)])
    cases.keep_fresh(
        errand, laid, receiver_name=actor.name, agent_name=_name_of(errand["agent_id"], actor),
    )
    if hands.needs_hand_in(tree.level_of(actor.unit_code or ""), item["intake_levels"]):
        timing.begin_hand_in(errand, now)
    if given.get("note"):
        sql.insert(
            ErrandNote, id=ids.new(now), errand_id=errand["id"], account_id=actor.id, text=given["note"],
            made_at=now,
        )
    _record(errand, given, told)
    return str(errand["id"])


def _rest(errand: dict[str, Any], given: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    mandate, unit_code = given["mandate"], errand["unit_code"]
    return {
        "state": State.REGISTERED, "item_code": given["item_code"], "quantity": given.get("quantity", 1),
        "township_code": tree.township_of(unit_code), "district_code": tree.district_of(unit_code),
        "channel": given["channel"], "first_receiver_id": actor.id, "mandate_given_by": mandate["given_by"],
        "mandate_expires_on": mandate["expires_on"], "mandate_powers": mandate.get("powers"),
        "mandate_file_id": mandate.get("file_id"), "received_at": now, "claimed_at": given.get("claimed_at"),
        "order_at": clock.NEVER, "acted_at": now, "silence_at": timing.silence_of(unit_code, now),
    }


def _name_of(account_id: str, actor: Actor) -> str:
    return actor.name if account_id == actor.id else people.names({account_id})[account_id]


def _record(errand: dict[str, Any], given: dict[str, Any], told: dict[str, bool]) -> None:
    mandate = given["mandate"]
    ledger.record(
        "errand.register", "errand", errand["id"], scope=errand["unit_code"],
        fields=("state", "number", "resident_id"),
        detail={
            "number": errand["number"], "item": given["item_code"], "item_version": errand["item_number"],
            "channel": given["channel"], "agent_id": errand["agent_id"],
            "received": [name for name, there in told.items() if there],
            "mandate": {"given_by": mandate["given_by"], "expires_on": mandate["expires_on"].isoformat()},
            "claimed_at": clock.wire(given.get("claimed_at")), "note": given.get("note"),
        },
    )


def unit_of(unit_code: str | None, actor: Actor, today: date) -> str:
    """The unit that takes a resident's matter: named or the caller's own, within his reach and in office; Invalid."""
    code = unit_code or actor.unit_code or ""
    own = actor.unit_code or ""
    reaches = tree.contains(own, code) if actor.role == TOWNSHIP else code == own
    unit = units.unit(code) if reaches else None
    if unit is None:
        raise invalid("unit_code", "没有此机构", "No such unit.")
    if not units.in_office(unit, today):
        raise invalid("unit_code", "该机构已撤销或尚未设立", "The unit is not, or not yet, in office.")
    return code


def _item(item_code: str, at: datetime, now: datetime) -> dict[str, Any]:
    item = catalogue.in_force(item_code, clock.local_date(at))
    if item is None and at < now:
        item = catalogue.in_force(item_code, clock.local_date(now))
    if item is None:
        raise invalid("item_code", "没有此事项", "No such item.")
    return item


def _check_mandate(mandate: dict[str, Any], today: date) -> None:
    if mandate["expires_on"] < today:
        raise invalid("mandate.expires_on", "委托期限已过", "The mandate has already expired.")


def _refer(errand: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Have the errand refer to its mandate's proof, which may still be on its way."""
    proof, subject = errand["mandate_file_id"], ("errand", errand["id"])
    if proof and not announcing.refer(proof, subject, actor=actor, now=now):
        raise invalid("mandate.file_id", "没有此文件", "No such file.")


def resident_of(given: dict[str, Any], unit_code: str, actor: Actor, now: datetime) -> str:
    """The resident that ``resident`` or ``resident_id`` of a body means, opened to the unit; her id. Invalid."""
    resident, known = given.get("resident"), given.get("resident_id")
    if (resident is None) == (known is None):
        raise invalid("resident", "须填写群众信息或群众编号之一", "Give either resident or resident_id.")
    try:
        if known is not None:
            return residents.take_up(known, unit_code, actor=actor, now=now)
        return residents.register(
            township_code=tree.township_of(unit_code), unit_code=unit_code, name=resident["name"],
            id_number=resident["id_number"], phone=resident.get("phone"), address=resident.get("address"),
            actor=actor, now=now,
        )
    except NotFound as error:
        raise invalid("resident_id", "没有此群众", "No such resident.") from error
    except Invalid as refused:
        raise refused.within("resident") from None


def _agent(agent_id: str | None, unit_code: str, actor: Actor) -> str:
    """Named, else the caller if an agent, else the unit's only agent, else himself where it has none."""
    if agent_id is not None:
        found = people.account(agent_id)
        if found is None or found["disabled_at"] or not hands.may_answer(
            found["role"], found["unit_code"], unit_code
        ):
            raise invalid("agent_id", "没有此代办员", "No such agent.")
        return agent_id
    if actor.role == AGENT:
        return actor.id
    agents = people.agents_of(unit_code)
    if len(agents) > 1:
        raise invalid("agent_id", "本机构有多名代办员，请指定一名", "The unit has several agents; name one.")
    return agents[0]["id"] if agents else actor.id


def _laid(
    errand_id: str, papers: list[dict[str, Any]], told: dict[str, bool], now: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "errand_id": errand_id, "position": position, "name": paper["name"],
            "required": bool(paper["required"]), "may_defer": bool(paper["deferrable"]),
            "received_at": now if told.get(paper["name"]) else None, "deferred_until_on": None,
        }
        for position, paper in enumerate(papers)
    ]


@transaction
def accept(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept the errand: from now its clock runs, the day of acceptance not counted (rules 1.2).

    Where the resident was told nothing in time it counts as accepted already, and this only says so.
    """
    found = row.mandated(errand_id, actor, now)
    moved = row.move(found, "accept")
    if notices.is_silent(found["state"], found["silence_at"], now):
        versions.check_seen(found, actor)
        take_in_silence(found, found["silence_at"], actor=actor, now=now)
        return errand_id
    item = catalogue.version(found["item_code"], found["item_number"])
    rules.check_level(tree.level_of(actor.unit_code or ""), item["intake_levels"])
    paperwork.check_papers(cases.papers(errand_id), clock.local_date(now))
    versions.check_seen(found, actor)
    take_in(found, item, moved, now, actor=actor, now=now)
    return errand_id


def take_in(
    found: dict[str, Any], item: dict[str, Any], moved: dict[str, Any], accepted_at: datetime, *, actor: Actor,
    now: datetime, how: str = "errand.accept", effective_at: datetime | None = None,
) -> None:
    """Within the act that accepts: begin the duty as of ``accepted_at``, record it, and tell the resident.

    ``effective_at`` is when that became true, where it is seen only later.
    """
    clocks.end(timing.SUBJECT, found["id"], kinds=(rules.HAND_IN,), now=now)
    due = timing.begin_duty(found, item, accepted_at, now)
    row.change(found, actor, now, **moved, accepted_at=accepted_at, silence_at=None, **due)
    ledger.record(
        how, "errand", found["id"], scope=found["unit_code"], fields=("state", "due_at"), happened_at=effective_at,
        detail={
            "accepted_at": clock.wire(accepted_at), "due_at": clock.wire(due["due_at"]),
            "provisional": due["provisional"],
            **({"effective_at": clock.wire(effective_at), "detected_at": clock.wire(now)} if effective_at else {}),
        },
    )
    if due["due_at"] > now:
        notifying.tell_resident("accept", found, due=due["due_at"], actor=actor, now=now)


def take_in_silence(found: dict[str, Any], moment: datetime, *, actor: Actor, now: datetime) -> None:
    """Within the act that finds the silence: accepted as of the very moment of receipt (rules 3.4).

    ``moment`` is when that became true; the agent who answers has a finding for it.
    """
    moved = row.move(found, "accept_by_silence")
    item = catalogue.version(found["item_code"], found["item_number"])
    take_in(
        found, item, moved, found["received_at"], actor=actor, now=now, how="errand.accept_by_silence",
        effective_at=moment,
    )
    findings.find(
        found, notices.NO_NOTICE, found["agent_id"], basis=notices.SILENCE_BASIS, at=moment, actor=actor,
        now=now,
    )


@transaction
def decline(errand_id: str, *, reason: str, referral: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say no with a reason and a way on: where, whom, what to bring (rules 3.6)."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "decline")
    notices.check_in_time(found["state"], found["silence_at"], now)
    versions.check_seen(found, actor)
    clocks.end(timing.SUBJECT, errand_id, now=now)
    row.change(
        found, actor, now, **moved, finished_at=now, order_at=clock.NEVER, silence_at=None, reason=reason,
        referral=referral,
    )
    ledger.record(
        "errand.decline", "errand", errand_id, scope=found["unit_code"],
        fields=("state", "reason", "referral"), detail={"reason": reason, "referral": referral},
    )
    refusing.enter(found, refusals.DECLINED, reason=reason, referral=referral, actor=actor, now=now)
    notifying.tell_resident(
        "decline", found, reason=reason, where=referral["where"], phone=referral["phone"], actor=actor, now=now
    )
    return errand_id


@transaction
def withdraw(errand_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> str:
    """Take the errand back at the resident's wish, before completion."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "withdraw")
    versions.check_seen(found, actor)
    clocks.end(timing.SUBJECT, errand_id, now=now)
    row.change(found, actor, now, **moved, finished_at=now, silence_at=None, reason=reason)
    ledger.record(
        "errand.withdraw", "errand", errand_id, scope=found["unit_code"], fields=("state",),
        detail={"reason": reason},
    )
    notifying.tell_resident("withdraw", found, actor=actor, now=now)
    return errand_id
