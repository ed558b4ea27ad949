"""Plans of open projects are laid anew every day: what waits, or is late, pushes what hangs on it."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.projects.actions import recomputing
from backend.projects.queries import projects

BATCH = 200


def replan_projects(*, actor: Actor, now: datetime) -> int:
    """Recompute each open project as of today, one transaction each; how many have another forecast now."""

    def replan(project_id: str) -> int:
        return int(recomputing.recompute(project_id, actor=actor, now=now).moved)

    count, last = 0, ""
    while found := projects.open_after(last, BATCH):
        count += jobs.each(found, replan)[0]
        last = found[-1]
    return count
