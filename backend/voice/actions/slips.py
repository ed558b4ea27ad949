"""Slips: the token by which a resident rates, printed, sent, or asked for on the telephone by somebody else."""
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.people import queries as people
from backend.voice.models import RatingSlip
from backend.voice.queries import slips
from backend.voice.rules import ratings as rules

SUBJECT = "rating_slip"
_REPLACE = "UPDATE rating_slip SET state = ?, version = version + 1 WHERE errand_id = ? AND round = ? AND state = ?"


@transaction
def issue(errand_id: str, *, channel: str, actor: Actor, now: datetime) -> str:
    """Make the slip of a completed errand; an earlier one that was not used is worth nothing from now on. Its id.

    NotFound, OwnWork, NotFinished, AlreadyRated, NoMobile. Nothing is written into the errand, nor into its history.
    """
    found = slips.errand(errand_id, actor, lock=True)
    rules.check_not_own(actor.id, found["agent_id"])
    rules.check_finished(found["state"])
    return make(found, slips.due_round(errand_id), channel, actor=actor, now=now)


def make(found: dict[str, Any], due_round: int, channel: str, *, actor: Actor, now: datetime) -> str:
    """Within an act: the slip of this errand for its next rating; sent at once where it goes by message."""
    if channel == rules.SMS and people.mobile_of(found["resident_id"]) is None:
        raise rules.NoMobile()
    sql.run(_REPLACE, (rules.REPLACED, found["id"], due_round, rules.OPEN))
    slip_id = ids.new(now)
    token = slips.token(slip_id)
    expires_at = now + rules.VALID
    sql.insert(
        RatingSlip, id=slip_id, errand_id=found["id"], round=due_round, state=rules.OPEN, channel=channel,
        token_hash=secrets.hashed(token), resident_id=found["resident_id"], unit_code=found["unit_code"],
        agent_id=found["agent_id"], made_by=actor.id, made_at=now, expires_at=expires_at,
    )
    ledger.record(
        "rating_slip.issue", SUBJECT, slip_id, scope=found["district_code"],
        detail={"errand_id": found["id"], "round": due_round, "channel": channel},
    )
    if channel == rules.SMS:
        outbox.post(
            "rating_asked", to=found["resident_id"], subject_type=SUBJECT, subject_id=slip_id,
            unit_code=found["township_code"], not_after=expires_at,
            values={"number": found["number"], "token": token, "until": clock.local_date(expires_at)},
            dedupe=f"{SUBJECT}:{slip_id}", actor=actor, now=now,
        )
    return slip_id
