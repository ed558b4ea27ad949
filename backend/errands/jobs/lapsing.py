"""Paper registers that nobody confirmed in time are forgotten."""
from datetime import datetime

from backend.core.actor import Actor
from backend.errands.actions import importing
from backend.errands.queries import imports


def purge_imports(*, actor: Actor, now: datetime) -> int:
    """Forget the lines of paper registers that nobody confirmed in time; how many imports lapsed."""
    return sum(importing.lapse(import_id, actor=actor, now=now) for import_id in imports.lapsed(now))
