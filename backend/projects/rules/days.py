"""Working-day numbers of a project's district: days on which its offices are closed do not count. Pure."""
from bisect import bisect_right
from collections.abc import Collection
from datetime import date

from backend.core.calendar import Calendar


class Days:
    """Dates to working-day numbers and back."""

    def __init__(self, calendar: Calendar, closed: Collection[date] = frozenset()) -> None:
        self._calendar = calendar
        self._lost = sorted(day for day in closed if calendar.is_working(day)) if closed else []
        self._numbers = [calendar.working_index(day) for day in self._lost]

    def number(self, day: date) -> int:
        """How many working days up to and including ``day``; only differences mean something."""
        counted = self._calendar.working_index(day)
        return counted - bisect_right(self._lost, day) if self._lost else counted

    def day(self, number: int) -> date:
        """The working day of that number."""
        for lost in self._numbers:
            if lost > number:
                break
            number += 1
        return self._calendar.working_day(number)

    def is_provisional(self, after: date, until: date) -> bool:
        """Whether a notice not yet loaded may still move what lies between."""
        return self._calendar.provisional_between(after, until)
