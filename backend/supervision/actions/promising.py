"""Public promises: entered, shown to be kept, found broken, which proposes a case (issue 7.8)."""
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import OFFICE, SUPERVISOR, Actor
from backend.core.problems import Conflict, invalid
from backend.core.transaction import transaction
from backend.supervision.actions import casing, finding, ordering, row, telling
from backend.supervision.models import Commitment, CommitmentBreach, CommitmentEvidence
from backend.supervision.queries import bodies as named
from backend.supervision.queries import promises
from backend.supervision.rules import bodies, cases, findings, numbers, orders, states
from backend.supervision.rules import promises as rules

_LOOKED = "UPDATE commitment SET look_at = ? WHERE id = ? AND look_at = ?"


@transaction
def promise(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Enter what a body promises the public, word for word; its id. NotYourBody for another's, Invalid."""
    today = clock.local_date(now)
    body = named.asked(given.get("unit_code"), given.get("department_code"), actor, today)
    if actor.role not in (SUPERVISOR, OFFICE):
        bodies.may_speak(actor.role, actor.unit_code, actor.department_code, body["target_code"])
    due_on = given.get("due_on")
    due = ordering.due_at(due_on, body["unit_code"]) if due_on else None
    if due is not None and due <= now:
        raise invalid("due_on", "期限已过", "Its time has passed.")
    found = {
        "id": ids.new(now), "number": row.number(numbers.PROMISE, body["district_code"], today), **body,
        "text": given["text"], "quality": given.get("quality"), "made_on": today, "due_on": due_on, "due_at": due,
        "look_at": orders.first_look(due, now, calendars.calendar()) if due else clock.NEVER,
        "state": states.RUNNING, "made_by": actor.id, "made_at": now,
    }
    sql.insert(Commitment, **found)
    _record("make", found, {
        "number": found["number"], "target": body["target_code"], "text": found["text"],
        "due_on": due_on and due_on.isoformat(), "quality": found["quality"],
    })
    return str(found["id"])


@transaction
def show(promise_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Add what shows that a promise is kept; its id. NotFound, NotYourBody, IllegalMove, StaleVersion."""
    found = promises.row(promise_id, actor, lock=True)
    if actor.role not in (SUPERVISOR, OFFICE):
        bodies.may_speak(actor.role, actor.unit_code, actor.department_code, found["target_code"])
    state = row.moved(states.PROMISE_MOVES, states.PROMISE_NAMES, found, "evidence", actor)
    versions.amend(Commitment, found, actor, state=state)
    n = promises.next_n("commitment_evidence", promise_id)
    sql.insert(CommitmentEvidence, commitment_id=promise_id, n=n, text=text, made_by=actor.id, made_at=now)
    _record("show", found, {"n": n, "text": text}, ("evidence",))
    return promise_id


@transaction
def fulfil(promise_id: str, *, note: str | None, actor: Actor, now: datetime) -> str:
    """Find that a promise was kept, late if its breach stands; its id. NotFound, IllegalMove, StaleVersion."""
    return _end(promise_id, "fulfil", note, actor, now)


@transaction
def withdraw(promise_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take a promise back, which stays readable with its reason; its id. NotFound, IllegalMove, StaleVersion."""
    return _end(promise_id, "withdraw", reason, actor, now)


def _end(promise_id: str, verb: str, told: str | None, actor: Actor, now: datetime) -> str:
    found = promises.row(promise_id, actor, lock=True)
    state = row.moved(states.PROMISE_MOVES, states.PROMISE_NAMES, found, verb, actor)
    versions.amend(
        Commitment, found, actor, state=state, ended_by=actor.id, ended_at=now, ended_for=told, look_at=clock.NEVER
    )
    _record(verb, found, {"told": told})
    return promise_id


@transaction
def breach(promise_id: str, *, what: str, actor: Actor, now: datetime) -> str:
    """Find that a promise was not kept; its id. NotFound, IllegalMove, StaleVersion."""
    found = promises.row(promise_id, actor, lock=True)
    state = row.moved(states.PROMISE_MOVES, states.PROMISE_NAMES, found, "breach", actor)
    versions.amend(Commitment, found, actor, state=state)
    _break(found, rules.FOUND, what, now, actor, now)
    return promise_id


def _break(found: dict[str, Any], kind: str, what: str, at: datetime, actor: Actor, now: datetime) -> None:
    """Enter a breach: a finding on the body, and an accountability case is proposed (issue 7.7)."""
    n, promise_id = promises.next_n("commitment_breach", found["id"]), found["id"]
    body = {name: found[name] for name in bodies.COLUMNS}
    source = ("commitment", f"{promise_id}/{n}")
    told = f"{found['number']}：{what}"
    finding.find(findings.PROMISE_BROKEN, body, source=source, what=told, at=at, actor=actor, now=now)
    case_id = casing.propose(body, category=cases.PROMISE, facts=told, source=source, actor=actor, now=now)
    if case_id is None:
        raise Conflict()
    sql.insert(
        CommitmentBreach, commitment_id=promise_id, n=n, kind=kind, what=what, effective_at=at, detected_at=now,
        made_by=actor.id, case_id=case_id,
    )
    ledger.record(
        "promise.breach", "commitment", promise_id, scope=_scope(found), fields=("state",), happened_at=at,
        detail={"n": n, "kind": kind, "what": what, "case_id": case_id, "detected_at": clock.wire(now)},
    )


@transaction
def look(promise_ids: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Remind of these promises, or find them broken once their date has passed unfulfilled; of how many.

    Evidence that nobody has judged by then leaves it to the supervisor: a breach is not found over it.
    """
    count = 0
    for promise_id in promise_ids:
        found = promises.held(promise_id)
        if found["look_at"] >= now or found["due_at"] is None:
            continue
        late = now > found["due_at"]
        following = clock.NEVER if late else found["due_at"]
        if late and promises.next_n("commitment_evidence", promise_id) == 1:
            state = row.moved(states.PROMISE_MOVES, states.PROMISE_NAMES, found, "breach", actor)
            versions.amend(Commitment, found, actor, state=state, look_at=following)
            _break(found, rules.MISSED, rules.KIND_NAMES[rules.MISSED].zh, found["due_at"], actor, now)
        else:
            sql.run(_LOOKED, (clock.to_micros(following), promise_id, clock.to_micros(found["look_at"])))
            _tell(found, "promise_to_judge" if late else "promise_reminder", late, actor, now)
        count += 1
    return count


def _tell(found: dict[str, Any], template: str, late: bool, actor: Actor, now: datetime) -> None:
    """Tell the body that its date comes, or the district's duty post that evidence waits to be judged."""
    code = found["district_code"] if late else found["target_code"]
    telling.post(
        template, code, found["district_code"], subject=("commitment", found["id"]),
        dedupe=f"promise:{found['id']}:{template}",
        values={"number": found["number"], "body": found["target_name"], "due": found["due_at"]}, actor=actor, now=now,
    )


def _scope(found: Mapping[str, Any]) -> str:
    return str(found["unit_code"] or found["district_code"])


def _record(verb: str, found: Mapping[str, Any], detail: dict[str, Any], fields: Any = ("state",)) -> None:
    ledger.record(
        f"promise.{verb}", "commitment", found["id"], scope=_scope(found), fields=fields, detail=detail
    )
