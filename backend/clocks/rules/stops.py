"""Suspensions and interruptions as people name them: checked, then made into stops. Pure."""
from collections.abc import Sequence
from datetime import date, timedelta

from backend.core import workdays
from backend.core.problems import invalid
from backend.core.workdays import Stop

LONGEST = timedelta(days=1000)
SUSPENDED, INTERRUPTED = "suspended", "interrupted"

Span = tuple[date, date]


def stops_of(accepted_on: date, suspended: Sequence[Span], interrupted: Sequence[Span]) -> list[Stop]:
    """The stops of a limit; Invalid names the field that is reversed, too early, too far or overlaps.

    Touching stops are fine: stopped anew on the day of resumption.
    """
    found: list[Stop] = []
    for field, spans in ((SUSPENDED, suspended), (INTERRUPTED, interrupted)):
        for from_on, to_on in spans:
            _check(field, accepted_on, from_on, to_on)
            found.append(Stop(from_on, to_on, restart=field == INTERRUPTED))
    clash = workdays.overlapping(found)
    if clash is not None:
        field = INTERRUPTED if clash.restart else SUSPENDED
        day = clash.from_on
        raise invalid(field, f"{day} 起的一段与另一段重叠", f"The one from {day} overlaps another.")
    return found


def _check(field: str, accepted_on: date, from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise invalid(field, "结束日不得早于开始日", "Must not end before it begins.")
    if from_on < accepted_on:
        raise invalid(field, "不得早于受理日", "Must not begin before the day of acceptance.")
    if to_on > accepted_on + LONGEST:
        most = LONGEST.days
        raise invalid(field, f"不得晚于受理后 {most} 天", f"Must end within {most} days of acceptance.")
