"""Supervision orders are issued and withdrawn (rules 10.1)."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.supervision.actions import row, telling
from backend.supervision.models import OrderRound, SupervisionOrder
from backend.supervision.queries import bodies, orders
from backend.supervision.rules import numbers, states
from backend.supervision.rules import orders as rules

_END_ROUND = "UPDATE order_round SET ended_at = ? WHERE order_id = ? AND n = ? AND replied_at IS NULL"


@transaction
def issue(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Order a body of the district to do something by a date, and tell its duty post; the order's id. Invalid."""
    today = clock.local_date(now)
    body = bodies.asked(given.get("unit_code"), given.get("department_code"), actor, today)
    due = due_at(given["due_on"], body["unit_code"])
    if due <= now:
        raise invalid("due_on", "期限已过", "Its time has passed.")
    return make(
        body, {name: given.get(name) for name in ("source", "source_ref", "what", "quality", "due_on")},
        due=due, by=actor.id, actor=actor, now=now,
    )


def due_at(day: date, unit_code: str | None) -> datetime:
    """When what is asked of a body by a day is due, by its own calendar."""
    present = calendars.present()
    return rules.due_at(day, present.calendar, present.closed(unit_code) if unit_code else frozenset())


def make(
    body: dict[str, Any], asked: Mapping[str, Any], *, due: datetime, by: str, actor: Actor, now: datetime,
    matter_id: str | None = None, period: str | None = None,
) -> str:
    """Write an order with its first round and tell the body, in the running transaction; its id."""
    district, order_id = body["district_code"], ids.new(now)
    found = {
        "id": order_id, "number": row.number(numbers.ORDER, district, clock.local_date(now)), **body, **asked,
        "state": states.ISSUED, "round": 1, "due_at": due, "matter_id": matter_id, "period": period,
        "look_at": rules.first_look(due, now, calendars.calendar()), "issued_by": by, "issued_at": now,
    }
    found["owed_code"], found["owed_name"] = owed(found)
    sql.insert(SupervisionOrder, **found)
    open_round(found, 1, now)
    told = tell("order_issued", found, f"order:{order_id}:issued", actor=actor, now=now)
    ledger.record(
        "order.issue", "supervision_order", order_id, scope=scope_of(found), fields=("state", "number"),
        detail={
            "number": found["number"], "target": body["target_code"], "due_on": asked["due_on"].isoformat(),
            "due_at": clock.wire(due), "told": told, "matter_id": matter_id, "period": period,
        } | {name: asked.get(name) for name in ("source", "source_ref", "what", "quality")},
    )
    return order_id


def owed(found: Mapping[str, Any]) -> tuple[str, str]:
    """Code and name of the body that owes the reply to a fresh order."""
    code = rules.owed_by(found["source"], found["target_code"], found["district_code"])
    return code, found["target_name"] if code == found["target_code"] else bodies.name_of(code)


def open_round(found: Mapping[str, Any], n: int, now: datetime) -> None:
    """Write a round of an order: who owes a reply by when."""
    sql.insert(
        OrderRound, order_id=found["id"], n=n, district_code=found["district_code"], owed_code=found["owed_code"],
        owed_name=found["owed_name"], due_on=found["due_on"], due_at=found["due_at"], opened_at=now,
    )


def end_round(found: Mapping[str, Any], now: datetime) -> None:
    """End the present round, if nobody replied in it."""
    sql.run(_END_ROUND, (clock.to_micros(now), found["id"], found["round"]))


def tell(
    template: str, found: Mapping[str, Any], dedupe: str, *, post: str = "duty", actor: Actor, now: datetime
) -> str | None:
    """Tell a post of the body that owes the reply; the account told."""
    values = {"number": found["number"], "body": found["owed_name"], "what": found["what"], "due": found["due_at"]}
    return telling.post(
        template, found["owed_code"], found["district_code"], post=post, subject=subject_of(found), dedupe=dedupe,
        values=values, actor=actor, now=now,
    )


def subject_of(found: Mapping[str, Any]) -> tuple[str, str]:
    """The order as the subject of notices."""
    return "supervision_order", found["id"]


def scope_of(found: Mapping[str, Any]) -> str:
    """Whose subtree may read of it in the ledger: not the desk that a complaint may be about."""
    if found["source"] == rules.NOT_FOR_DESKS and found["unit_code"]:
        return str(found["township_code"])
    return str(found["unit_code"] or found["district_code"])


@transaction
def withdraw(order_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take an order back: nothing is owed any more; its id. NotFound, IllegalMove, StaleVersion."""
    found = orders.row(order_id, actor, lock=True)
    state = row.moved(states.MOVES, states.STATE_NAMES, found, "withdraw", actor)
    versions.amend(SupervisionOrder, found, actor, state=state, ended_at=now, ended_for=reason, look_at=clock.NEVER)
    end_round(found, now)
    told = tell("order_withdrawn", found, f"order:{order_id}:withdrawn", actor=actor, now=now)
    ledger.record(
        "order.withdraw", "supervision_order", order_id, scope=scope_of(found), fields=("state",),
        detail={"reason": reason, "told": told},
    )
    return order_id
