"""Recomputing what is stored of clocks and errands from their truth: budget, start, suspensions, calendar."""
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks.actions import running as clocks
from backend.clocks.queries import running
from backend.core import clock, sql
from backend.errands import rules
from backend.errands.actions import timing
from backend.errands.rules import hands


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
        if (errand["finished_at"] is None) != (errand["state"] in rules.UNFINISHED):
            found.append(f"{errand['number']}: end")
        if errand["stops"] != len(halts):
            found.append(f"{errand['number']}: stops")
        found += [f"{errand['number']}: {told}" for told in _hands(errand, laid)]
    return found


def _hands(errand: dict[str, Any], laid: list[dict[str, Any]]) -> list[str]:
    steps = sql.rows("SELECT * FROM forwarding WHERE errand_id = ? ORDER BY n", (errand["id"],))
    desks = sql.rows("SELECT * FROM errand_reader WHERE errand_id = ?", (errand["id"],))
    handovers = sql.rows("SELECT * FROM handover WHERE errand_id = ? ORDER BY n", (errand["id"],))
    clocks_of = {each["part"]: each for each in laid if each["kind"] == rules.STEP}
    at_department = errand["state"] == rules.FORWARDED or (
        errand["state"] == rules.SUSPENDED and errand["previous_state"] == rules.FORWARDED
    )
    opened = [step for step in steps if step["state"] == hands.OPEN]
    asked = [handover for handover in handovers if handover["state"] == hands.ASKED]
    wrong_ones = {
        "count of steps": [step["n"] for step in steps] != list(range(1, errand["forwardings"] + 1)),
        "count of hand-overs": [each["n"] for each in handovers] != list(range(1, errand["handovers"] + 1)),
        "open step": [step["n"] for step in opened] != ([errand["forwardings"]] if at_department else []),
        "desks": {desk["code"] for desk in desks} != {step["department_code"] for step in steps},
        "desk": any((desk["state"], desk["order_at"]) != (errand["state"], errand["order_at"]) for desk in desks),
        "step": any(
            step["n"] in clocks_of and step["due_at"] != clocks_of[step["n"]]["due_at"] for step in opened
        ),
        "step's order": any(step["order_at"] != (step["due_at"] or clock.NEVER) for step in opened),
        "open hand-over": len(asked) > (errand["state"] not in rules.OVER),
        "running step": any(
            each["ended_at"] is None and part not in [step["n"] for step in opened] for part, each in clocks_of.items()
        ),
    }
    return [name for name, is_wrong in wrong_ones.items() if is_wrong]
