"""Open errands of disabled and moved accounts find an heir."""
import logging
from datetime import datetime

from backend.core import db, jobs
from backend.core.actor import Actor
from backend.errands.actions import inheriting
from backend.errands.queries import orphans

log = logging.getLogger("daiban.jobs")

BATCH = 500


def inherit(*, actor: Actor, now: datetime) -> int:
    """Open errands of disabled and moved agents go to the duty post of their unit; how many went.

    Where no post up to the township has a holder they stay, are counted in the figures, and are tried
    again each time: an appointment is enough.
    """
    count, left = 0, set()
    for agent_id in orphans.agents():
        went, stayed = _passed_on(agent_id, actor, now)
        count += went
        left |= stayed
    _tell(left)
    return count


def _passed_on(agent_id: str, actor: Actor, now: datetime) -> tuple[int, set[str]]:
    """How many errands of such an agent went, and the units where nobody inherits."""
    count, heirs, last = 0, dict[str, bool](), ""
    while found := orphans.of(agent_id, last, BATCH):
        for errand in found:
            unit = errand["unit_code"]
            if unit not in heirs:
                heirs[unit] = orphans.heir(errand) is not None
        going = [errand["id"] for errand in found if heirs[errand["unit_code"]]]
        count += jobs.each(going, lambda errand_id: inheriting.inherit(errand_id, actor=actor, now=now))[0]
        last = found[-1]["id"]
    return count, {unit for unit, known in heirs.items() if not known}


_TOLD = "units whose orphans were told"


def _tell(left: set[str]) -> None:
    """Say once of each unit that nobody inherits there; anew when it had been settled meanwhile."""
    for unit in sorted(left - db.caches.get(_TOLD, set())):
        log.warning("open errands of unit %s have no agent any more and no post to inherit them", unit)
    db.caches[_TOLD] = left
