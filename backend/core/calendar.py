"""Kinds of days by date, with counts laid out once so that any question costs the same. Pure."""
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from itertools import accumulate

WORK, REST, HOLIDAY, MAKEUP = "work", "rest", "holiday", "makeup"
WORKING = (WORK, MAKEUP)
DAY = timedelta(days=1)


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays from 1 January of year 1 (a Monday) up to and including that day."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _weekday(number: int) -> int:
    """The ordinal of the ``number``-th Monday to Friday; the inverse of ``_weekdays``."""
    weeks, rest = divmod(number - 1, 5)
    return 7 * weeks + rest + 1


class Calendar:
    """Kinds of days. A date not given is Monday–Friday work, else rest, and provisional."""

    def __init__(
        self,
        kinds: Mapping[date, str],
        names: Mapping[date, str] | None = None,
        provisional: Collection[date] = (),
    ) -> None:
        """``kinds`` of announced dates, ``names`` of their holidays, those still ``provisional``."""
        self._kinds = {day.toordinal(): kind for day, kind in kinds.items()}
        self._names = dict(names or {})
        unsure = {day.toordinal() for day in provisional}
        self._first = min(self._kinds, default=1)
        self._last = max(self._kinds, default=0)
        span = range(self._first, self._last + 1)
        before = _weekdays(self._first - 1)
        working = [day for day in span if self._kind(day) in WORKING]
        marks = bytearray(len(span))
        for day in working:
            marks[day - self._first] = 1
        self._working = working
        self._before = before
        self._counts = list(accumulate(marks, initial=before))
        self._unsure = list(
            accumulate((day in unsure or day not in self._kinds for day in span), initial=0)
        )
        self._shift = self._counts[-1] - _weekdays(self._last) if self._kinds else 0

    def _kind(self, ordinal: int) -> str:
        found = self._kinds.get(ordinal)
        if found is None:
            return WORK if ordinal % 7 in (1, 2, 3, 4, 5) else REST
        return found

    def kind(self, day: date) -> str:
        """work, rest, holiday or makeup."""
        return self._kind(day.toordinal())

    def name(self, day: date) -> str | None:
        """The holiday that a day off or make-up day belongs to, where known."""
        return self._names.get(day)

    def is_working(self, day: date) -> bool:
        """Whether the offices work that day."""
        return self._kind(day.toordinal()) in WORKING

    def is_provisional(self, day: date) -> bool:
        """Whether a notice not yet loaded may still change that day."""
        return self.provisional_between(day - DAY, day)

    def working_index(self, day: date) -> int:
        """How many working days up to and including ``day``; only differences mean something."""
        return self._index(day.toordinal())

    def _index(self, ordinal: int) -> int:
        if ordinal < self._first:
            return _weekdays(ordinal)
        if ordinal > self._last:
            return _weekdays(ordinal) + self._shift
        return self._counts[ordinal - self._first + 1]

    def working_day(self, index: int) -> date:
        """The working day whose ``working_index`` is ``index``."""
        if index <= self._before:
            return date.fromordinal(_weekday(index))
        if index <= self._before + len(self._working):
            return date.fromordinal(self._working[index - self._before - 1])
        return date.fromordinal(_weekday(index - self._shift))

    def provisional_between(self, after: date, until: date) -> bool:
        """Whether any day later than ``after`` and not later than ``until`` is provisional."""
        first, last = after.toordinal() + 1, until.toordinal()
        if first > last:
            return False
        if first < self._first or last > self._last:
            return True
        return self._unsure[last - self._first + 1] > self._unsure[first - self._first]
