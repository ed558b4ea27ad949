"""Accountability: a case is proposed or opened, its person reminded early and heard, then closed whole (rules 10.7)."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import SUPERVISOR, Actor
from backend.core.problems import Forbidden, invalid
from backend.core.transaction import transaction
from backend.people import queries as people
from backend.people.queries import posts
from backend.supervision.actions import row, telling
from backend.supervision.models import AccountabilityCase
from backend.supervision.queries import bodies, cases, notices
from backend.supervision.rules import cases as rules
from backend.supervision.rules import numbers, states

_PROPOSE = """
INSERT INTO accountability_case (id, district_code, unit_code, township_code, department_code, target_code,
    target_name, state, leader_id, leader_name, leader_post, category, facts, source_type, source_id, made_by,
    made_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
"""
PARTS = ("person", "leader")
PLAIN = ("category", "severity", "outcome", "facts")


@transaction
def propose(
    body: Mapping[str, Any], *, category: str, facts: str, source: tuple[str, str], actor: Actor, now: datetime
) -> str | None:
    """Propose a case about a body (``rules.bodies.columns``) for the supervisor to open or dismiss; its id.

    None where the same source proposed one before. Whoever holds the body's head post is named as its leader.
    """
    case_id, district = ids.new(now), body["district_code"]
    head = posts.holder(body["target_code"], "head", district=district)
    leader = (head["id"], head["name"], "负责人") if head else (None, None, None)
    params = (
        case_id, district, body["unit_code"], body["township_code"], body["department_code"], body["target_code"],
        body["target_name"], states.PROPOSED, *leader, category, facts, *source, actor.id, clock.to_micros(now),
    )
    if sql.run(_PROPOSE, params) == 0:
        return None
    _record("propose", {"id": case_id, "district_code": district}, {
        "target": body["target_code"], "category": category, "facts": facts, "source": source, "leader": leader[0],
    })
    return case_id


@transaction
def start(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Open a case about a body of the district and a person; its id. Invalid."""
    today = clock.local_date(now)
    body = bodies.asked(given.get("unit_code"), given.get("department_code"), actor, today)
    found = {
        "id": ids.new(now), **body, **_changes(given, body["district_code"]), "state": states.OPEN,
        "number": row.number(numbers.CASE, body["district_code"], today), "made_by": actor.id, "made_at": now,
        "opened_by": actor.id, "opened_at": now,
    }
    sql.insert(AccountabilityCase, **found)
    _record("open", found, {"target": body["target_code"], **_told(given)})
    return str(found["id"])


def _changes(given: Mapping[str, Any], district: str) -> dict[str, Any]:
    """The columns that person, leader and the rest change."""
    changed = {name: given[name] for name in PLAIN if name in given}
    for part in PARTS:
        if part in given:
            changed |= _person(part, given[part], district)
    return changed


def _person(part: str, given: Mapping[str, Any] | None, district: str) -> dict[str, Any]:
    """A person by account of the district, or by name; Invalid."""
    if given is None:
        return {f"{part}_{name}": None for name in ("id", "name", "post")}
    account_id, name = given.get("account_id"), given.get("name")
    if account_id is not None:
        found = notices.accounts([account_id], district).get(account_id)
        if found is None:
            raise invalid(f"{part}.account_id", "须为本区账号", "Must be an account of this district.")
        name = found["name"]
    if name is None:
        raise invalid(f"{part}.name", "须写明姓名或账号", "Say a name or an account.")
    return {f"{part}_id": account_id, f"{part}_name": name, f"{part}_post": given.get("post")}


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in (*PARTS, *PLAIN) if name in given}


@transaction
def open_proposed(case_id: str, *, actor: Actor, now: datetime) -> str:
    """Open a proposed case, which takes its number; its id. NotFound, IllegalMove, StaleVersion."""
    found, state = _moved(case_id, "open", actor)
    number = row.number(numbers.CASE, found["district_code"], clock.local_date(now))
    versions.amend(AccountabilityCase, found, actor, state=state, number=number, opened_by=actor.id, opened_at=now)
    _record("open", found, {"number": number})
    return case_id


@transaction
def dismiss(case_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Leave a proposed case at that, with a reason; its id. NotFound, IllegalMove once opened, StaleVersion."""
    found, state = _moved(case_id, "dismiss", actor)
    versions.amend(AccountabilityCase, found, actor, state=state, ended_by=actor.id, ended_at=now, ended_for=reason)
    _record("dismiss", found, {"reason": reason})
    return case_id


@transaction
def edit(case_id: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Write person, leader, category, severity, outcome or facts; the case's id. NotFound, IllegalMove, Invalid.

    Another person has not been reminded, nor said anything: what stood of the former one stays in the ledger.
    """
    found, state = _moved(case_id, "edit", actor)
    changed = _changes(given, found["district_code"])
    gone = rules.unsaid(found, changed)
    if changed:
        versions.amend(AccountabilityCase, found, actor, **changed, **gone)
    _record("edit", found, {"to": _told(given), "from": {name: found[name] for name in changed}}, sorted(given))
    return case_id


@transaction
def remind(case_id: str, *, text: str, due_on: date, actor: Actor, now: datetime) -> str:
    """Remind the person early, in writing, of what is to be put right by a day; the leader learns of it. The case's id.

    NotFound, IllegalMove, RemindedBefore, StaleVersion, Invalid for a day gone by or where no person is named.
    """
    found = cases.row(case_id, actor, lock=True)
    if found["state"] == states.OPEN and found["reminded_at"] is not None:
        raise rules.RemindedBefore()
    row.moved(states.CASE_MOVES, states.CASE_NAMES, found, "remind", actor)
    if found["person_name"] is None:
        raise invalid("person", "先写明责任人", "Name the person first.")
    if due_on < clock.local_date(now):
        raise invalid("due_on", "期限已过", "Its time has passed.")
    versions.amend(
        AccountabilityCase, found, actor, reminder=text, reminded_by=actor.id, reminded_at=now, remedy_due_on=due_on,
    )
    told = {part: _tell(found, part, "case_reminder", due_on, actor, now) for part in PARTS}
    _record("remind", found, {"text": text, "due_on": due_on.isoformat(), "told": told})
    return case_id


def _tell(
    found: Mapping[str, Any], part: str, template: str, due_on: date | None, actor: Actor, now: datetime
) -> str | None:
    """Tell person or leader, where they have an account; whom."""
    to: str | None = found[f"{part}_id"]
    if to is not None and people.account(to) is not None:
        values = {"number": found["number"], "person": found["person_name"]}
        telling.account(
            template, to, found["district_code"], subject=("accountability_case", found["id"]),
            dedupe=f"case:{found['id']}:{template}:{part}:{found['version']}",
            values=values | ({"due": due_on} if due_on else {}), actor=actor, now=now,
        )
    return to


@transaction
def state(case_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """What the person says to it: by herself, or written down by the supervisor; the case's id.

    NotFound, Forbidden for anybody else, IllegalMove, StaleVersion.
    """
    found = cases.row(case_id, actor, lock=True)
    if actor.role != SUPERVISOR and actor.id != found["person_id"]:
        raise Forbidden()
    row.moved(states.CASE_MOVES, states.CASE_NAMES, found, "state", actor)
    versions.amend(AccountabilityCase, found, actor, statement=text, stated_by=actor.id, stated_at=now)
    _record("state", found, {"text": text}, ("statement",))
    return case_id


@transaction
def close(case_id: str, *, outcome: str | None, actor: Actor, now: datetime) -> str:
    """Close a case that is whole; its id. The person is told.

    NotFound, IllegalMove, ReminderFirst for a penalty before its time, StaleVersion, CaseIncomplete.
    """
    found = cases.row(case_id, actor, lock=True)
    given = {"outcome": outcome} if outcome else {}
    new = row.moved(states.CASE_MOVES, states.CASE_NAMES, found, "close", actor)
    rules.check_whole(found | given)
    rules.check_reminded(found | given, clock.local_date(now))
    versions.amend(AccountabilityCase, found, actor, state=new, ended_by=actor.id, ended_at=now, **given)
    told = _tell(found, "person", "case_closed", None, actor, now)
    _record("close", found, {"told": told} | {name: (found | given)[name] for name in rules.WHOLE})
    return case_id


def _moved(case_id: str, verb: str, actor: Actor) -> tuple[dict[str, Any], str]:
    found = cases.row(case_id, actor, lock=True)
    return found, row.moved(states.CASE_MOVES, states.CASE_NAMES, found, verb, actor)


def _record(verb: str, found: Mapping[str, Any], detail: dict[str, Any], fields: Any = ("state",)) -> None:
    """Into the ledger, for the district only: a case is nobody's below."""
    ledger.record(
        f"case.{verb}", "accountability_case", found["id"], scope=found["district_code"], fields=fields, detail=detail
    )
