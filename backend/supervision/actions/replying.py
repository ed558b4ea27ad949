"""A body replies to an order, or passes up what it cannot solve (rules 10.1, 10.9)."""
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.supervision.actions import missing, ordering, row, telling
from backend.supervision.models import SupervisionOrder
from backend.supervision.queries import bodies as named
from backend.supervision.queries import orders
from backend.supervision.rules import bodies, states
from backend.supervision.rules import orders as rules

_REPLY = """
UPDATE order_round SET reply = ?, replied_at = ?, replied_by = ? WHERE order_id = ? AND n = ? AND replied_at IS NULL
"""


@transaction
def reply(order_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Reply for the body that owes it, or for the one that was asked; the order's id. The supervisor is told.

    NotFound, NotYourBody, IllegalMove, StaleVersion. A late one is taken, and stays late.
    """
    found = orders.row(order_id, actor, lock=True)
    _may_speak(found, actor)
    state = row.moved(states.MOVES, states.STATE_NAMES, found, "reply", actor)
    missing.settle(found, actor=actor, now=now)
    versions.amend(SupervisionOrder, found, actor, state=state, look_at=clock.NEVER)
    if sql.run(_REPLY, (text, clock.to_micros(now), actor.id, order_id, found["round"])) != 1:
        raise Conflict()
    _tell_supervisor("order_replied", found, found["round"], actor, now)
    ledger.record(
        "order.reply", "supervision_order", order_id, scope=ordering.scope_of(found), fields=("state", "reply"),
        detail={"round": found["round"], "text": text}, outcome="late" if now > found["due_at"] else "done",
    )
    return order_id


@transaction
def pass_up(order_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Pass up what the body cannot solve: the one above owes the reply from now on; the order's id.

    NotFound, NotYourBody, IllegalMove, PassedUp a second time, NowhereUp for the district, StaleVersion. Passed up
    late, the finding stays.
    """
    found = orders.row(order_id, actor, lock=True)
    _may_speak(found, actor)
    if found["passed_up_at"] is not None:
        raise rules.PassedUp()
    above = bodies.above(found["owed_code"], found["district_code"])
    if above is None:
        raise rules.NowhereUp()
    state = row.moved(states.MOVES, states.STATE_NAMES, found, "pass_up", actor)
    missing.settle(found, actor=actor, now=now)
    ordering.end_round(found, now)
    climbed: dict[str, Any] = {
        "passed_up_at": now, "passed_up_by": actor.id, "passed_up_to": above, "passed_up_for": reason,
    } | next_round(found, above, named.name_of(above), now)
    versions.amend(SupervisionOrder, found, actor, state=state, **climbed)
    ordering.open_round(found | climbed, climbed["round"], now)
    told = ordering.tell("order_passed_up", found | climbed, f"order:{order_id}:passed-up", actor=actor, now=now)
    ledger.record(
        "order.pass_up", "supervision_order", order_id, scope=ordering.scope_of(found), fields=("state", "owed_code"),
        detail={"to": above, "reason": reason, "due_at": clock.wire(climbed["due_at"]), "told": told},
    )
    return order_id


def next_round(found: dict[str, Any], code: str, name: str, now: datetime, due_on: Any = None) -> dict[str, Any]:
    """What a further round changes in an order: by whom and when the next reply is due."""
    present, unit_code = calendars.present(), code if code.isdecimal() else None
    closed = present.closed(unit_code) if unit_code else frozenset()
    on = due_on or rules.again_on(clock.local_date(now), found["due_on"], present.calendar, closed)
    due = rules.due_at(on, present.calendar, closed)
    return {
        "round": found["round"] + 1, "owed_code": code, "owed_name": name, "due_on": on, "due_at": due,
        "look_at": rules.first_look(due, now, present.calendar),
    }


def _may_speak(found: dict[str, Any], actor: Actor) -> None:
    bodies.may_speak(
        actor.role, actor.unit_code, actor.department_code, found["owed_code"], found["target_code"]
    )


def _tell_supervisor(template: str, found: dict[str, Any], n: int, actor: Actor, now: datetime) -> None:
    telling.supervisor(
        template, found["issued_by"], found["district_code"], subject=ordering.subject_of(found),
        dedupe=f"order:{found['id']}:replied:{n}", values={"number": found["number"], "body": found["owed_name"]},
        actor=actor, now=now,
    )
