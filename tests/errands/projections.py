"""Recomputing what is stored of clocks and errands from their truth: budget, start, suspensions, calendar."""
from backend.clocks import queries as calendars
from backend.clocks.actions import running as clocks
from backend.clocks.queries import running
from backend.core import sql
from backend.errands.actions import timing


def wrong() -> list[str]:
    """The errands whose stored due date, rungs or clock are not what their truth says."""
    present, found = calendars.present(), []
    for errand in sql.rows("SELECT * FROM errand ORDER BY id"):
        halts = running.halts("errand", errand["id"])[errand["id"]]
        laid = running.of("errand", errand["id"])
        values = timing.follow(laid)
        if any(clocks.has_moved(each, halts, present) for each in laid if each["ended_at"] is None):
            found.append(f"{errand['number']}: clock")
        if errand["finished_at"] is None and any(errand[name] != value for name, value in values.items()):
            found.append(f"{errand['number']}: row")
        if errand["finished_at"] is None and errand["silence_at"] != timing.silence_due(errand):
            found.append(f"{errand['number']}: silence")
        if errand["stops"] != len(halts):
            found.append(f"{errand['number']}: stops")
    return found
