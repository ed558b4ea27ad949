"""Which act on an errand tells whom, in which words; posted in the act's own transaction (docs/decisions/0132).

An act names itself and the values of its template. A notice is posted once per act: the errand's version is part
of its key, so that what is done again after a reversal is told again, and a reversal takes no notice back.
"""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import rules as hours
from backend.core import clock
from backend.core.actor import Actor
from backend.errands.queries import contacts
from backend.notifications.actions import outbox

RESIDENT = {
    "accept": "errand_accepted",
    "supplement": "errand_supplement",
    "suspend": "errand_suspended",
    "resume": "errand_resumed",
    "restart": "errand_resumed",
    "extend": "errand_extended",
    "granted": "errand_completed",
    "advised": "errand_completed",
    "refused": "errand_refused",
    "returned": "errand_returned",
    "decline": "errand_declined",
    "posted": "errand_posted",
    "withdraw": "errand_withdrawn",
}
STAFF = {
    "hand_over": "handover_asked",
    "forward": "forwarded",
    "answer": "forwarding_answered",
    "inherit": "errand_inherited",
    "find": "finding_recorded",
}
UNDATED = {
    "accept": "errand_accepted_above",
    "resume": "errand_resumed_above",
    "restart": "errand_resumed_above",
    "forward": "forwarded_above",
}
"""The same where no date can be promised: a report item is decided above, in its own time (rules 1.3)."""


def tell_resident(act: str, found: dict[str, Any], *, actor: Actor, now: datetime, **values: Any) -> None:
    """Within the act that changes the errand ``found``: tell its resident; ``due`` is said as a day."""
    due = values.get("due")
    if due is not None:
        values["due"] = clock.local_date(due)
    _post(RESIDENT, act, found, found["resident_id"], act, values | contacts.of(found), actor, now)


def tell_staff(
    act: str, found: dict[str, Any], account_ids: Iterable[str], *, actor: Actor, now: datetime, **values: Any
) -> None:
    """Within the act that changes the errand ``found``: tell these accounts."""
    for account_id in account_ids:
        _post(STAFF, act, found, account_id, f"{act}:{account_id}", values, actor, now)


def _post(
    templates: dict[str, str], act: str, found: dict[str, Any], to: str, key: str, values: dict[str, Any],
    actor: Actor, now: datetime,
) -> None:
    item = catalogue.version(found["item_code"], found["item_number"])
    dated = item["kind"] != hours.REPORT and values.get("due") is not None
    template = templates[act] if dated else UNDATED.get(act, templates[act])
    outbox.post(
        template, to=to, subject_type="errand", subject_id=found["id"], unit_code=found["unit_code"],
        values={"number": found["number"], "item": item["name"]} | values,
        dedupe=f"errand:{found['id']}:{key}:{found['version']}", actor=actor, now=now,
    )
