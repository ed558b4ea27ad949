"""What was neither solved nor passed up by its date is found, once, and counts (rules 10.9)."""
from datetime import datetime
from typing import Any

from backend.clocks import rules as hours
from backend.core import adjustable, clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.supervision.actions import row, telling, watching
from backend.supervision.models import SupervisionFinding
from backend.supervision.queries import findings
from backend.supervision.rules import bodies, states
from backend.supervision.rules import findings as rules

_INSERT = """
INSERT INTO supervision_finding (id, district_code, unit_code, township_code, department_code, target_code,
    target_name, kind, source_type, source_id, what, effective_at, detected_at, state, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
"""
WATCHING = "{days}日内有{count}项问题"


@transaction
def find(
    kind: str, body: dict[str, Any], *, source: tuple[str, str], what: str, at: datetime, actor: Actor, now: datetime
) -> str | None:
    """Put a finding on a body (``rules.bodies.columns``); its id, None where the same was found before.

    ``at`` is when it became true, ``now`` when it was seen. Its head is told; too many put it on the watch-list.
    """
    finding_id = ids.new(now)
    params = (
        finding_id, *(body[name] for name in bodies.COLUMNS), kind, *source, what, clock.to_micros(at),
        clock.to_micros(now), states.STANDING,
    )
    if sql.run(_INSERT, params) == 0:
        return None
    subject = ("supervision_finding", finding_id)
    told = telling.post(
        "body_found", body["target_code"], body["district_code"], post="head", subject=subject,
        dedupe=f"found:{finding_id}", values={"body": body["target_name"], "finding": rules.KIND_NAMES[kind].zh,
                                              "what": what}, actor=actor, now=now,
    )
    ledger.record(
        "supervision_finding.make", *subject, scope=body["unit_code"] or body["district_code"], happened_at=at,
        detail={
            "kind": kind, "target": body["target_code"], "source": source, "what": what, "told": told,
            "detected_at": clock.wire(now),
        },
    )
    _watch(body, at, source=subject, actor=actor, now=now)
    return finding_id


def _watch(body: dict[str, Any], at: datetime, *, source: tuple[str, str], actor: Actor, now: datetime) -> None:
    value = adjustable.in_force(rules.SETTING, clock.local_date(at))
    count = findings.count(body["district_code"], body["target_code"], rules.since(at, value))
    if rules.is_watched(count, value):
        reason = WATCHING.format(days=value["days"], count=count)
        watching.put_on(body, rules.BY_FINDINGS, reason=reason, source=source, actor=actor, now=now)


@transaction
def find_unsolved(one: dict[str, Any], *, actor: Actor, now: datetime) -> int:
    """Find that a department let the date of a problem that was raised to it pass; 1, 0 where it was found before."""
    body = bodies.columns(one["department_code"], one["district_code"], one["department_name"])
    found = find(
        rules.PROBLEM_UNSOLVED, body, source=("report_problem", one["id"]), what=one["text"],
        at=hours.close_of(one["due_on"]), actor=actor, now=now,
    )
    return int(found is not None)


@transaction
def reverse(finding_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Reverse a finding that was wrong: it stays, with the reason; its id. NotFound, IllegalMove, StaleVersion."""
    found = findings.row(finding_id, actor, lock=True)
    state = row.moved(states.FINDING_MOVES, states.FINDING_NAMES, found, "reverse", actor)
    versions.amend(
        SupervisionFinding, found, actor, state=state, reversed_at=now, reversed_by=actor.id, reversed_for=reason,
    )
    ledger.record(
        "supervision_finding.reverse", "supervision_finding", finding_id,
        scope=found["unit_code"] or found["district_code"], fields=("state",), detail={"reason": reason},
    )
    return finding_id
