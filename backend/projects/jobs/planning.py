"""Plans of open projects are laid anew every day: what waits, or is late, pushes what hangs on it."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.projects.actions import recomputing
from backend.projects.queries import projects

BATCH = 200


def replan_projects(*, actor: Actor, now: datetime) -> int:
    """Recompute each open project as of today, one transaction each; how many have another forecast now."""
    count, last = 0, ""
    while found := projects.open_after(last, BATCH):
        count += jobs.each(found, lambda each: recomputing.recompute(each, actor=actor, now=now).moved)[0]
        last = found[-1]
    return count
