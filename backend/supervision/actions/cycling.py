"""Weekly, ten-day and monthly cycles: their orders are made when they begin, late bodies named when they end (10.1)."""
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.org.rules import scope
from backend.supervision.actions import noticing, ordering, row
from backend.supervision.models import StandingMatter
from backend.supervision.queries import bodies, cycles
from backend.supervision.rules import bodies as columns
from backend.supervision.rules import cycles as rules
from backend.supervision.rules import notices, states

_BEGIN = """
INSERT INTO supervision_cycle (district_code, kind, period, due_at, begun_at, orders) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_UNBEGUN = """
INSERT INTO supervision_cycle (district_code, kind, period, due_at, orders) VALUES (?, ?, ?, ?, 0)
ON CONFLICT DO NOTHING
"""
_CLOSE = """
UPDATE supervision_cycle SET closed_at = ?, asked = ?, on_time = ?, late = ?, missing = ?
WHERE district_code = ? AND kind = ? AND period = ? AND closed_at IS NULL
"""
_NOTICED = "UPDATE supervision_cycle SET notice_id = ? WHERE district_code = ? AND kind = ? AND period = ?"


@transaction
def stand(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Have each period of a cycle ask a matter of its targets, from the first that begins on a day; its id. Invalid."""
    today, district = clock.local_date(now), scope.district(actor)
    from_on: date = given.get("from_on") or today
    if from_on < today:
        raise invalid("from_on", "不能早于今天", "Not before today.")
    named = [(field, code) for field in ("unit_codes", "department_codes") for code in given.get(field, ())]
    targets = list(dict.fromkeys(code for _, code in named))
    known = bodies.standing(targets, district, today)
    unknown = [field for field, code in named if code not in known or not columns.is_of(field, code)]
    if unknown or not targets:
        field = unknown[0] if unknown else "unit_codes"
        raise invalid(field, "须为本区在册机构或部门，至少一个", "Bodies of this district in office, at least one.")
    matter_id = ids.new(now)
    sql.insert(
        StandingMatter, id=matter_id, district_code=district, cycle=given["cycle"], source=given["source"],
        what=given["what"], quality=given["quality"], targets=targets, from_on=from_on, state=states.RUNNING,
        made_by=actor.id, made_at=now,
    )
    ledger.record(
        "matter.stand", "standing_matter", matter_id, scope=district, fields=("state",),
        detail={"targets": targets, "from_on": from_on.isoformat()}
        | {name: given[name] for name in ("cycle", "source", "what", "quality")},
    )
    return matter_id


@transaction
def end(matter_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Ask a matter no more; orders already made stand; its id. NotFound, IllegalMove, StaleVersion."""
    found = cycles.matter(matter_id, actor, lock=True)
    state = row.moved(states.MATTER_MOVES, states.MATTER_NAMES, found, "end", actor)
    versions.amend(StandingMatter, found, actor, state=state, ended_at=now, ended_for=reason)
    ledger.record(
        "matter.end", "standing_matter", matter_id, scope=found["district_code"], fields=("state",),
        detail={"reason": reason},
    )
    return matter_id


@transaction
def ask(matter: Mapping[str, Any], codes: Sequence[str], period: str, *, actor: Actor, now: datetime) -> int:
    """Make the orders that a period asks of some of a matter's targets, each once; how many.

    None where the period leaves no time to answer, and of bodies no longer in office.
    """
    kind, district, calendar = matter["cycle"], matter["district_code"], calendars.calendar()
    due = rules.due_at(kind, period, calendar)
    if not rules.leaves_time(due, calendar, now):
        return 0
    known = bodies.standing(codes, district, clock.local_date(now))
    made = cycles.asked(matter["id"], period, codes)
    asked = {name: matter[name] for name in ("source", "what", "quality")} | {"due_on": clock.local_date(due)}
    fresh = {code: name for code, name in known.items() if code not in made}
    for code, name in fresh.items():
        ordering.make(
            columns.columns(code, district, name), asked, due=due, by=matter["made_by"], matter_id=matter["id"],
            period=period, actor=actor, now=now,
        )
    return len(fresh)


@transaction
def begin(district_code: str, kind: str, period: str, *, actor: Actor, now: datetime) -> int:
    """Mark a period whose orders were made as begun; 1, 0 where it was before."""
    due, orders = rules.due_at(kind, period, calendars.calendar()), cycles.made(district_code, kind, period)
    params = (district_code, kind, period, clock.to_micros(due), clock.to_micros(now), orders)
    if sql.run(_BEGIN, params) == 0:
        return 0
    ledger.record(
        "cycle.begin", "supervision_cycle", f"{kind}/{period}/{district_code}", scope=district_code,
        detail={"orders": orders, "due_at": clock.wire(due)},
    )
    return 1


@transaction
def close(district_code: str, kind: str, period: str, *, actor: Actor, now: datetime) -> int:
    """Close a period as of its due moment, once: figures, and an issued notice that names the late bodies (10.1).

    1 where it was closed by this, 0 where it was before or its turn has not come. Each round counts in the period
    in which it fell due; what was due before and is still unanswered is named again.
    """
    due = rules.due_at(kind, period, calendars.calendar())
    last, before = cycles.last_closed(district_code, kind)
    if last is not None and rules.following(kind, last) != period:
        return 0
    sql.run(_UNBEGUN, (district_code, kind, period, clock.to_micros(due)))
    rounds = cycles.due_between(district_code, before, due)
    outcomes = [rules.outcome(one, due) for one in rounds]
    figures = rules.figures(outcomes)
    params = (clock.to_micros(now), figures["asked"], figures["on_time"], figures["late"], figures["missing"])
    if sql.run(_CLOSE, (*params, district_code, kind, period)) == 0:
        return 0
    late = [_late(one, outcome) for one, outcome in zip(rounds, outcomes) if outcome in (rules.LATE, rules.MISSING)]
    late += [_late(one, rules.OUTSTANDING) for one in cycles.outstanding(district_code, before)]
    notice_id = None
    if late:
        notice_id = _notice(district_code, kind, period, due, figures, late, actor, now)
        sql.run(_NOTICED, (notice_id, district_code, kind, period))
    ledger.record(
        "cycle.close", "supervision_cycle", f"{kind}/{period}/{district_code}", scope=district_code, happened_at=due,
        detail=figures | {"notice_id": notice_id, "late_codes": sorted({one["code"] for one in late})},
    )
    return 1


def _late(one: Mapping[str, Any], outcome: str | None) -> dict[str, Any]:
    return {
        "code": one["owed_code"], "name": one["owed_name"], "number": one["number"], "outcome": outcome,
        "due_at": clock.wire(one["due_at"]), "replied_at": clock.wire(one.get("replied_at")),
    }


def _notice(
    district_code: str, kind: str, period: str, due: datetime, figures: dict[str, int], late: list[dict[str, Any]],
    actor: Actor, now: datetime,
) -> str:
    named = {one["code"]: one["name"] for one in late}
    about = [
        {"kind": notices.UNIT if code.isdecimal() else notices.DEPARTMENT, "code": code, "account_id": None,
         "name": name} for code, name in sorted(named.items())
    ]
    given = {
        "kind": notices.CRITICISM, "title": notices.cycle_title(kind, period),
        "text": notices.cycle_text(kind, period, due, figures),
    }
    return noticing.issue_at_once(district_code, given, about, late, actor=actor, now=now)
