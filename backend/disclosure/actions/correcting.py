"""Writing down that a person wants something corrected, and answering her."""
from datetime import datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, moves, secrets, sql, versions, workdays
from backend.core.actor import Actor, Call
from backend.core.transaction import transaction
from backend.disclosure.models import Correction
from backend.disclosure.queries import corrections
from backend.disclosure.rules import corrections as rules
from backend.errands.queries import contacts
from backend.notifications.actions import outbox
from backend.org import rules as tree
from backend.people.actions import residents as registry
from backend.people.queries import residents

SUBJECT = "correction"
_OPEN = "SELECT * FROM correction WHERE resident_id = ? AND state = 'asked'"


@transaction
def ask(resident_id: str, *, wanted: dict[str, Any], grounds: str, actor: Actor, now: datetime) -> str:
    """Write down what a resident wants corrected and why; its id. NotFound, Invalid."""
    row = residents.visible(resident_id, actor)
    today, unit_code = clock.local_date(now), actor.unit_code or row["township_code"]
    said = {"wanted": rules.normal(wanted, today), "grounds": grounds}
    fields = ",".join(name for name in rules.FIELDS if name in said["wanted"])
    present = calendars.present()
    due = workdays.deadline(present.calendar, today, rules.WORKING_DAYS, closed=present.closed(unit_code)).due_on
    correction_id = ids.new(now)
    sql.insert(
        Correction, id=correction_id, resident_id=resident_id, unit_code=unit_code,
        township_code=row["township_code"], district_code=tree.district_of(unit_code), state=rules.ASKED, fields=fields,
        asked_sealed=secrets.seal(orjson.dumps(said).decode(), corrections.PLACE + correction_id),
        asked_by=actor.id, asked_at=now, due_on=due, version=1,
    )
    ledger.record(
        "correction.ask", SUBJECT, correction_id, scope=row["township_code"], fields=("state",),
        detail={"resident_id": resident_id, "fields": fields},
    )
    return correction_id


@transaction
def make(correction_id: str, *, actor: Actor, now: datetime) -> str:
    """Correct it as she wants, and tell her. NotFound, OwnRequest, IllegalMove, StaleVersion, DuplicateResident."""
    found = _held(correction_id, "make", actor)
    registry.edit(
        found["resident_id"], corrections.asked(found)["wanted"], actor=actor.calling(Call()), now=now
    )
    _decide(found, rules.MADE, None, actor, now)
    return correction_id


@transaction
def refuse(correction_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Leave it as it stands, say why, and tell her. NotFound, OwnRequest, IllegalMove, StaleVersion."""
    _decide(_held(correction_id, "refuse", actor), rules.REFUSED, reason, actor, now)
    return correction_id


def leave(resident_id: str, *, actor: Actor, now: datetime) -> None:
    """Within her erasure: what she still wants corrected is gone with what it was about; she is not told any more."""
    for found in sql.rows(_OPEN, (resident_id,)):
        _settle(found, rules.REFUSED, None, actor, now)


def _held(correction_id: str, verb: str, actor: Actor) -> dict[str, Any]:
    found = corrections.row(correction_id, actor, lock=True)
    rules.check_other(actor.id, found["asked_by"])
    moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    return found


def _decide(found: dict[str, Any], state: str, reason: str | None, actor: Actor, now: datetime) -> None:
    _settle(found, state, reason, actor, now)
    whom = contacts.of(found | {"agent_id": found["asked_by"]})
    outbox.post(
        f"correction_{state}", to=found["resident_id"], subject_type=SUBJECT, subject_id=found["id"],
        unit_code=found["unit_code"], values={"fields": rules.told(found["fields"]), "reason": reason} | whom,
        dedupe=f"correction:{found['id']}:{state}", actor=actor, now=now,
    )


def _settle(found: dict[str, Any], state: str, reason: str | None, actor: Actor, now: datetime) -> None:
    values = {"state": state, "answer": reason, "decided_by": actor.id, "decided_at": now}
    versions.amend(Correction, found, actor, **values)
    ledger.record(
        f"correction.{'make' if state == rules.MADE else 'refuse'}", SUBJECT, found["id"],
        scope=found["township_code"], fields=("state",), detail={"reason": reason},
    )
