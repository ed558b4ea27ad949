"""A mistaken step is taken back by the township, as a new fact with a reason (rules 3.1)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running as clocks
from backend.clocks.queries import running
from backend.core import clock, ledger, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import row, timing
from backend.errands.rules import turns


@transaction
def reverse(errand_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take the last step back, before delivery: its state and dates are as if it had not been.

    Nothing in the history is removed; cards, payments, trips and papers stand.
    """
    found = row.movable(errand_id, actor, now)
    turns.check_reverser(actor.role)
    moved = row.move(found, "reverse")
    verb = found["last_move"]
    turns.check_reversible(found["state"], verb)
    versions.check_seen(found, actor)
    state = moved["state"]
    dates = _dates(found, state, verb, now)
    steps = [step["action"] for step in ledger.steps("errand", errand_id, turns.STEPS)]
    back = turns.returned_from(state, steps)
    cleared = dict.fromkeys(turns.TAKEN_BACK[verb])
    row.change(found, actor, now, **moved | {"previous_state": back}, **cleared, **dates)
    ledger.record(
        "errand.reverse", "errand", errand_id, scope=found["unit_code"], fields=("state", "due_at", *cleared),
        detail={
            "step": verb, "reason": reason, "state": {"from": found["state"], "to": state},
            "from": clock.wire(found["due_at"]), "to": clock.wire(dates["due_at"]),
        },
    )
    return errand_id


def _dates(found: dict[str, Any], state: str, verb: str, now: datetime) -> dict[str, Any]:
    """Let the clocks run on that the step ended, end those it began; what the errand's row takes over."""
    errand_id = found["id"]
    if verb in turns.ACCEPTING:
        clocks.end(timing.SUBJECT, errand_id, kinds=rules.DUTIES, now=now)
    laid = running.of(timing.SUBJECT, errand_id, lock=True)
    for ended in turns.taken_up(laid, state, found["finished_at"], found["handed_in_at"]):
        clocks.reopen(dict(ended))
    if state not in (rules.REGISTERED, rules.AWAITING):
        return timing.present_duty(found, now)
    silence_at = timing.silence_due(found | {"state": state})
    return timing.followed(errand_id) | {"silence_at": turns.silence_after(verb, silence_at, now)}
