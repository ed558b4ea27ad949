"""Clocks that stood: suspensions and interruptions as instants (rules 1.4; Administrative Licensing Law art. 45)."""
from datetime import date, datetime

import pytest

from backend.clocks import rules
from backend.clocks.rules import Halt
from backend.core import clock
from backend.core.calendar import Calendar


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


MARCH = Calendar({})
"""March 2026 holds no holiday: Monday to Friday are worked."""


@pytest.mark.parametrize(("halts", "due"), [
    ([], "2026-03-16"),
    ([("2026-03-05 10:00", "2026-03-10 09:00", False)], "2026-03-20"),
    ([("2026-03-05 10:00", "2026-03-10 09:00", True)], "2026-03-24"),
    ([("2026-03-05 10:00", "2026-03-05 16:00", False)], "2026-03-17"),
    ([("2026-03-05 10:00", "2026-03-06 10:00", False), ("2026-03-06 11:00", "2026-03-10 09:00", False)], "2026-03-20"),
    ([("2026-03-16 17:29", "2026-03-17 09:00", False)], "2026-03-18"),
    ([("2026-03-16 17:30", "2026-03-17 09:00", False)], "2026-03-16"),
    ([("2026-03-16 18:00", "2026-03-17 09:00", True)], "2026-03-16"),
    ([("2026-03-05 10:00", None, False)], None),
    ([("2026-02-20 10:00", "2026-02-24 09:00", True)], "2026-03-16"),
    ([("2026-02-20 10:00", "2026-03-02 09:00", True)], "2026-03-16"),
], ids=[
    "nothing stopped it", "suspended Thu 5, resumed Tue 10", "interrupted Thu 5, resumed Tue 10",
    "stopped and resumed on one day", "touching stops", "stopped a minute before close of the due day",
    "stopped as the limit had passed", "interrupted once the limit had passed", "it still stands",
    "what ended before it began", "what ended on the day it began",
])
def test_ten_working_days_from_monday_2_march(halts, due):
    stood = [Halt(at(start), end and at(end), restart) for start, end, restart in halts]
    limit = rules.halted_limit(at("2026-03-02 10:00"), 10, MARCH, stood)
    assert limit.due_on == (due and date.fromisoformat(due))
