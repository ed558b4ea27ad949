"""Forwarding an errand to a department, whose handler answers it within a limit of the step's own (rules 3.8)."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.clocks.actions import running as clocks
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, invalid
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import notifying, row, timing
from backend.errands.models import Forwarding
from backend.errands.queries import cases, forwardings
from backend.errands.rules import hands
from backend.org import queries as units
from backend.org.rules import posts as ladder
from backend.people import queries as people
from backend.people.actions import residents
from backend.people.queries import posts

_DESK = """
INSERT INTO errand_reader (errand_id, code, district_code, state, order_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""


@transaction
def forward(
    errand_id: str, *, department_code: str, step: str | None = None, note: str | None = None,
    working_days: int | None = None, actor: Actor, now: datetime,
) -> list[Any]:
    """Hand an accepted errand to a department's handlers; the references of errand and forwarding.

    Of a report item this is the sending up: nothing is due until the reply (rules 1.3). Of any other it
    begins the step's own limit, inside the promise. Invalid names a department that cannot answer.
    """
    found = row.mandated(errand_id, actor, now)
    moved = row.move(found, "forward")
    versions.check_seen(found, actor)
    department = _department(department_code, found, now)
    item = catalogue.version(found["item_code"], found["item_number"])
    n = found["forwardings"] + 1
    if item["kind"] == hours.REPORT:
        days, due_at, followed = _up(found, working_days, now)
    else:
        days = hands.step_limit(hands.named_limit(item["process"], step), working_days, _left(found, now))
        due_at, followed = _step(found, department_code, n, days, now), {}
    sql.insert(
        Forwarding, id=ids.new(now), errand_id=errand_id, n=n, district_code=found["district_code"],
        department_code=department_code, department_name=department["name"], step=step, note=note,
        limit_days=days, forwarded_by=actor.id, made_at=now, due_at=due_at, order_at=due_at or clock.NEVER,
        state=hands.OPEN,
    )
    _open_to(department_code, found, actor, now)
    row.change(found, actor, now, **moved, **followed, forwardings=n)
    ledger.record(
        "errand.forward", "errand", errand_id, scope=found["unit_code"], fields=("state",),
        detail={
            "n": n, "department_code": department_code, "department": department["name"], "step": step,
            "note": note, "working_days": days if due_at else None, "due_at": clock.wire(due_at),
        },
    )
    told = _told(department_code, found["district_code"])
    notifying.tell_staff("forward", found, told, due=due_at, actor=actor, now=now)
    return [errand_id, n]


def _told(code: str, district_code: str) -> list[str]:
    """Who hands the department's steps out: its duty post in the district, where vacant all who can decide."""
    held = posts.holder(code, ladder.DUTY, district=district_code)
    return [held["id"]] if held else people.handlers_of(code, district_code)


def _department(code: str, found: dict[str, Any], now: datetime) -> dict[str, Any]:
    department = units.department(code)
    if department is None or not units.in_office(department, clock.local_date(now)):
        raise invalid("department_code", "没有此部门", "No such department.")
    if not people.has_handlers(code, found["district_code"]):
        raise invalid("department_code", "该部门在本区没有承办人", "The department has no handler in this district.")
    return department


def _left(found: dict[str, Any], now: datetime) -> int:
    if found["due_at"] is None:
        return 0
    present = calendars.present()
    return hours.days_left(now, found["due_at"], present.calendar, present.closed(found["unit_code"]))


def _up(found: dict[str, Any], asked: int | None, now: datetime) -> tuple[int, None, dict[str, Any]]:
    if asked is not None:
        raise invalid("working_days", "上报件不计上级办理时间", "The time above does not count: no limit.")
    return 0, None, timing.send_up(found, now)


def _step(found: dict[str, Any], department_code: str, n: int, days: int, now: datetime) -> datetime | None:
    begun = clocks.begin(
        timing.SUBJECT, found["id"], rules.STEP, unit_code=found["unit_code"], budget_days=days, started_at=now,
        account_id=None, department_code=department_code, part=n, now=now,
    )
    due_at: datetime | None = begun["due_at"]
    return due_at


def _open_to(code: str, found: dict[str, Any], actor: Actor, now: datetime) -> None:
    order_at = clock.to_micros(found["order_at"])
    sql.run(_DESK, (found["id"], code, found["district_code"], found["state"], order_at))
    found["forwardings"] += 1
    residents.open_to(found["resident_id"], code, actor=actor, now=now)


@transaction
def answer(
    errand_id: str, n: int, *, decision: str, reasons: str | None = None, actor: Actor, now: datetime
) -> str:
    """A handler of the department decides the step, once; the errand goes on with its agent (rules 3.7, 3.8).

    Of a report item this is the reply, of which the resident is told within 2 working days (rules 1.3).
    """
    found = cases.row(errand_id, actor, lock=True)
    step = forwardings.row(errand_id, n)
    hands.check_step(actor.department_code, step["department_code"])
    hands.check_open(step["state"])
    moved = row.move(found, "answer")
    versions.check_seen(found, actor)
    hands.check_reasons(decision, reasons)
    _settle(
        step, state=hands.ANSWERED, decision=decision, reasons=reasons, answered_by=actor.id, answered_at=now,
    )
    clocks.end(timing.SUBJECT, errand_id, kinds=(rules.STEP,), part=n, now=now)
    followed = timing.begin_telling(found, n, now) if _was_sent_up(found) else {}
    row.change(found, actor, now, **moved, **followed)
    ledger.record(
        "errand.answer", "errand", errand_id, scope=found["unit_code"], fields=("state",), outcome=decision,
        detail={"n": n, "department": step["department_name"], "decision": decision, "reasons": reasons},
    )
    notifying.tell_staff(
        "answer", found, [found["agent_id"]], department=step["department_name"],
        answer=hands.DECISION_NAMES[decision].zh, actor=actor, now=now,
    )
    return errand_id


def _settle(step: dict[str, Any], **values: Any) -> None:
    if not sql.amend(Forwarding, step["id"], step["version"], **values):
        raise Conflict()


def _was_sent_up(found: dict[str, Any]) -> bool:
    return bool(catalogue.version(found["item_code"], found["item_number"])["kind"] == hours.REPORT)


@transaction
def recall(errand_id: str, n: int, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take back a forwarding made by mistake, before its answer; of a report item the duty before runs on."""
    found = row.movable(errand_id, actor, now)
    step = forwardings.row(errand_id, n)
    hands.check_open(step["state"])
    moved = row.move(found, "recall")
    versions.check_seen(found, actor)
    _settle(step, state=hands.RECALLED, reasons=reason)
    clocks.end(timing.SUBJECT, errand_id, kinds=(rules.STEP,), part=n, now=now)
    followed = timing.bring_down(found) if _was_sent_up(found) else {}
    row.change(found, actor, now, **moved, **followed)
    ledger.record(
        "errand.recall", "errand", errand_id, scope=found["unit_code"], fields=("state",),
        detail={"n": n, "department": step["department_name"], "reason": reason},
    )
    return errand_id
