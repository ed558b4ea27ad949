"""Where a clock's due date and cards fall, from its truth: start, budget, what stopped it, the calendar."""
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks import rules
from backend.clocks.rules import Halt, ladder
from backend.core import clock, sql
from backend.core.workdays import Deadline

_GIVEN = "SELECT clock_id, rung FROM card WHERE clock_id IN ({})"


def laid(
    found: dict[str, Any], halts: Sequence[Halt], present: calendars.Present, given: Collection[str] = ()
) -> dict[str, Any]:
    """The projections of a clock: ``due_at``, ``provisional``, ``moments``, ``next_at``; ``given`` are its cards."""
    limit = limit_of(found, halts, present)
    moments = moments_of(found, limit, halts, present)
    return {
        "due_at": rules.due_at(limit), "provisional": limit.provisional,
        "moments": {rung: clock.to_micros(moment) for rung, moment in moments.items()},
        "next_at": next_at(found, halts, moments, given),
    }


def limit_of(found: dict[str, Any], halts: Sequence[Halt], present: calendars.Present) -> Deadline:
    """The limit of a clock on the present calendar."""
    budget = found["budget_days"] + found["extended_days"]
    closed = present.closed(found["unit_code"])
    return rules.halted_limit(found["started_at"], budget, present.calendar, halts, closed)


def moments_of(
    found: dict[str, Any], limit: Deadline, halts: Sequence[Halt], present: calendars.Present
) -> dict[str, datetime]:
    """The instants of a clock's rungs, by the ladder in force on the day it began.

    An extension extends the legal limit as well (Administrative Licensing Law art. 42).
    """
    legal = found["legal_days"]
    return ladder.moments(
        present.rungs_on(clock.local_date(found["started_at"])), limit,
        None if legal is None else legal + found["extended_days"],
        present.closed(found["unit_code"]), rules.stops_after(rules.due_at(limit), halts),
    )


def next_at(
    found: dict[str, Any], halts: Sequence[Halt], moments: dict[str, datetime], given: Collection[str]
) -> datetime:
    """The earliest moment whose card was not given; the end of time where the clock stands or has ended."""
    standing = bool(halts) and halts[-1].to_at is None
    if found["ended_at"] or standing:
        return clock.NEVER
    return min((moment for rung, moment in moments.items() if rung not in given), default=clock.NEVER)


def given(clock_ids: Collection[str]) -> dict[str, set[str]]:
    """The rungs of each clock whose cards were given; one statement."""
    found: dict[str, set[str]] = {clock_id: set() for clock_id in clock_ids}
    if found:
        for row in sql.rows(_GIVEN.format(", ".join("?" * len(found))), list(found)):
            found[row["clock_id"]].add(row["rung"])
    return found
