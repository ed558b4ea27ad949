"""The watch-list (重点关注名单): bodies are put on it by their findings, by a score, or by the supervisor's hand."""
from datetime import datetime
from typing import Any

from backend.core import adjustable, clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.transaction import transaction
from backend.supervision.actions import row, telling
from backend.supervision.models import WatchEntry
from backend.supervision.queries import bodies, watching
from backend.supervision.rules import findings as rules
from backend.supervision.rules import states

_INSERT = """
INSERT INTO watch_entry (id, district_code, unit_code, township_code, department_code, target_code, target_name,
                         watched, kind, reason, source_type, source_id, state, put_by, from_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
"""


adjustable.declare(Adjustable(rules.SETTING, rules.USUAL, rules.check_setting))


@transaction
def put_on(
    body: dict[str, Any], kind: str, *, reason: str, source: tuple[str, str] | None = None, actor: Actor,
    now: datetime,
) -> str | None:
    """Put a body (``rules.bodies.columns``) on the watch-list and tell its head; None where it is on it already."""
    entry_id = ids.new(now)
    source_type, source_id = source or (None, None)
    district, code = body["district_code"], body["target_code"]
    params = (
        entry_id, district, body["unit_code"], body["township_code"], body["department_code"], code,
        body["target_name"], f"{district}/{code}", kind, reason, source_type, source_id, states.WATCHED, actor.id,
        clock.to_micros(now),
    )
    if sql.run(_INSERT, params) == 0:
        return None
    subject = ("watch_entry", entry_id)
    told = telling.post(
        "watch_listed", code, district, post="head", subject=subject, dedupe=f"watch:{entry_id}",
        values={"body": body["target_name"], "reason": reason}, actor=actor, now=now,
    )
    ledger.record(
        "watch.put", *subject, scope=body["unit_code"] or district,
        detail={"target": code, "kind": kind, "reason": reason, "source": source, "told": told},
    )
    return entry_id


@transaction
def put(
    *, unit_code: str | None, department_code: str | None, reason: str, actor: Actor, now: datetime
) -> str:
    """The supervisor puts a body on the watch-list; the entry's id. Invalid, WatchedAlready."""
    body = bodies.asked(unit_code, department_code, actor, clock.local_date(now))
    entry_id = put_on(body, rules.BY_HAND, reason=reason, actor=actor, now=now)
    if entry_id is None:
        raise rules.WatchedAlready()
    return entry_id


@transaction
def take_off(entry_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take a body off the watch-list; the entry's id. NotFound, IllegalMove, StaleVersion."""
    found = watching.row(entry_id, actor, lock=True)
    state = row.moved(states.WATCH_MOVES, states.WATCH_NAMES, found, "take_off", actor)
    versions.amend(
        WatchEntry, found, actor, state=state, watched=None, ended_at=now, ended_by=actor.id, ended_for=reason,
    )
    ledger.record(
        "watch.take_off", "watch_entry", entry_id, scope=found["unit_code"] or found["district_code"],
        fields=("state",), detail={"target": found["target_code"], "reason": reason},
    )
    return entry_id
