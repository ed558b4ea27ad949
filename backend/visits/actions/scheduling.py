"""Setting a visit's time, moving it, giving it up: its agent's ticks go with it in one transaction."""
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock, daytime, ledger, sql
from backend.core.actor import AGENT, OPERATOR, Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.people.actions import residents
from backend.visits import rules
from backend.visits.actions import missing, row, telling
from backend.visits.queries import agents, settings, visits
from backend.visits.rules import late, ticks

_HOLD = "SELECT id FROM account WHERE id IN (?, ?) ORDER BY id FOR NO KEY UPDATE"
_TAKE = "INSERT INTO visit_tick (agent_id, tick, visit_id) VALUES"
_RELEASE = "DELETE FROM visit_tick WHERE visit_id = ? AND tick >= ?"
_OLD = "DELETE FROM visit_tick WHERE tick < ?"
_LOOKED_AHEAD = 2 * 24 * 60 // ticks.MINUTES


@transaction
def schedule(
    visit_id: str, *, agent_id: str, start: str, duration_minutes: int, travel_minutes: int, day_on: date | None = None,
    actor: Actor, now: datetime,
) -> str:
    """Book the agent's time from ``start`` on for the visit, the way and the buffer, or move it there (rules 6).

    On the day of the window unless another is named. AgentAway on his leave; AgentBusy where a tick is taken, with
    ``free_from``, the next start that fits; Invalid for somebody who cannot be sent.
    """
    found = visits.row(visit_id, actor, lock=True)
    moved = row.move(found, "schedule", actor)
    day = day_on or found["day_on"]
    start_at = daytime.moment(day, daytime.minute_of(start))
    agent = _agent(agent_id, found, day, now)
    if agents.is_on_leave(agent_id, day):
        raise rules.AgentAway()
    buffer = settings.in_force(day).buffer_minutes
    span = ticks.taken(start_at, duration_minutes + travel_minutes + buffer)
    _book(found, agent_id, span)
    missing.settle(found, actor=actor, now=now)
    values = {
        "agent_id": agent_id, "start_at": start_at, "minutes": duration_minutes, "travel_minutes": travel_minutes,
        "buffer_minutes": buffer, "order_at": start_at, "late": bool(found["late"]) or start_at < now,
    }
    row.change(found, actor, **moved, **values)
    if agent["role"] in (AGENT, OPERATOR) and agent["unit_code"] != found["unit_code"]:
        residents.open_to(found["resident_id"], agent["unit_code"], actor=actor, now=now)
    ledger.record(
        "visit.schedule", "visit", visit_id, scope=found["unit_code"], fields=("state", "agent_id", "start_at"),
        detail={"agent_id": agent_id, "date": day.isoformat(), "start": start, "duration_minutes": duration_minutes,
                "travel_minutes": travel_minutes, "buffer_minutes": buffer},
        reaches=(found["agent_id"], agent_id),
    )
    _tell(found, found | values, actor, now)
    return visit_id


def _agent(agent_id: str, found: dict[str, Any], day: date, now: datetime) -> dict[str, Any]:
    late.check_day(day, clock.local_date(now), "date")
    agent = agents.able(agent_id, found)
    if agent is None:
        raise invalid("agent_id", "没有此代办员", "No such agent.")
    return agent


def _book(found: dict[str, Any], agent_id: str, span: range) -> None:
    """Give back what the visit had and take the span, as the key allows.

    Both agents' rows are held, so that no two who swap their agents wait in a circle.
    """
    if sql.on_postgresql():
        sql.execute(_HOLD, (agent_id, found["agent_id"] or agent_id))
    sql.run(_RELEASE, (found["id"], 0))
    text = f"{_TAKE} {', '.join(['(?, ?, ?)'] * len(span))} ON CONFLICT DO NOTHING"
    if sql.run(text, [value for tick in span for value in (agent_id, tick, found["id"])]) < len(span):
        busy = agents.busy(agent_id, range(span.start, span.start + _LOOKED_AHEAD), besides=found["id"])
        free = ticks.free_from(span, busy)
        raise rules.AgentBusy(free_from=None if free is None else clock.wire(ticks.at(free)))


def _tell(before: dict[str, Any], after: dict[str, Any], actor: Actor, now: datetime) -> None:
    first = before["state"] == rules.REQUESTED
    if not first and all(before[name] == after[name] for name in ("start_at", "agent_id")):
        return
    act = "visit_scheduled" if first else "visit_moved"
    telling.tell_resident(act, after, at=after["start_at"], not_after=after["start_at"], actor=actor, now=now)
    telling.tell_staff("visit_given", after, after["agent_id"], actor=actor, now=now)
    if before["agent_id"] not in (None, after["agent_id"]):
        telling.tell_staff("visit_taken_away", before, before["agent_id"], actor=actor, now=now)


@transaction
def cancel(visit_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> str:
    """Give a visit up before anybody has arrived; its agent is free again."""
    found = visits.row(visit_id, actor, lock=True)
    row.move(found, "cancel", actor)
    _end(found, rules.CANCELLED, reason, actor, now)
    telling.tell_resident("visit_cancelled", found, at=telling.time_of(found), actor=actor, now=now)
    return visit_id


def leave(resident_id: str, *, actor: Actor, now: datetime) -> None:
    """Within her erasure: end what is open of a resident's visits; its agents are told, she is not any more.

    Where the agent is with her already nothing came of it; the rest is cancelled.
    """
    for found in visits.open_of(resident_id):
        state = rules.FAILED if found["state"] == rules.ARRIVED else rules.CANCELLED
        _end(found, state, None, actor, now)


def _end(found: dict[str, Any], state: str, reason: str | None, actor: Actor, now: datetime) -> None:
    release(found, None)
    missing.settle(found, actor=actor, now=now)
    row.change(found, actor, state=state, ended_at=now, ended_for=reason)
    ledger.record(
        "visit.fail" if state == rules.FAILED else "visit.cancel", "visit", found["id"], scope=found["unit_code"],
        fields=("state",), detail={"reason": reason}, reaches=(found["agent_id"],),
    )
    if found["agent_id"]:
        telling.tell_staff("visit_taken_away", found, found["agent_id"], actor=actor, now=now)


def release(found: dict[str, Any], ended_at: datetime | None) -> None:
    """Within the act that ends a visit: its agent is free again, after the way back; at once where he never went."""
    first = 0
    if ended_at is not None:
        first = ticks.taken(ended_at, found["travel_minutes"] + found["buffer_minutes"]).stop
    sql.run(_RELEASE, (found["id"], first))


@transaction
def forget_ticks(*, actor: Actor, now: datetime) -> int:
    """Delete the ticks of days so long past that nobody enters anything on them any more; how many went."""
    return sql.run(_OLD, (ticks.tick_of(now - timedelta(days=late.OLDEST_DAYS)),))
