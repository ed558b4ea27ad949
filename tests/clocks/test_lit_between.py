"""The days on which a clock is due that shows a light, against the rungs of ladders themselves."""
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.clocks import rules
from backend.clocks.rules import Due, ladder
from backend.core import clock, workdays
from backend.core.workdays import Stop
from tests.core.test_workdays import CALENDAR

DAYS = st.dates(date(2026, 1, 5), date(2026, 9, 30))
MINUTES = st.sampled_from([0, 510, 1049, 1050, 1051, 1439])
WARNINGS = st.fixed_dictionaries({"before_due": st.integers(1, 8)}, optional={"percent": st.integers(1, 99)})
LADDERS = st.none() | st.tuples(st.none() | WARNINGS, st.none() | WARNINGS).map(lambda found: tuple(
    ladder.Rung(name, (ladder.AGENT,), **when) for name, when in zip(ladder.WARNINGS, found) if when
))


@given(
    DAYS, st.integers(0, 70), LADDERS, st.lists(st.integers(0, 90), max_size=6),
    st.lists(st.integers(0, 90), max_size=4),
    st.tuples(st.integers(0, 60), st.integers(0, 20)), st.integers(-9, 2), MINUTES,
)
def test_whatever_shows_a_light_is_due_within_the_days_that_are_walked(
    accepted_on, days, own, closed, elsewhere, stop, before_due, minutes
):
    lost = frozenset(accepted_on + timedelta(days=n) for n in closed)
    first_stopped = accepted_on + timedelta(days=stop[0])
    stops = [Stop(first_stopped, first_stopped + timedelta(days=stop[1]))] if stop[1] else []
    limit = workdays.deadline(CALENDAR, accepted_on, days, stops, lost)
    found = ladder.moments(ladder.USUAL if own is None else own, limit, None, lost)
    due_at = rules.due_at(limit)
    due = Due(due_at, found.get(rules.REMINDER), found.get(rules.YELLOW), provisional=False)
    today = max(limit.due_on + timedelta(days=before_due), accepted_on)
    if stops:
        today = max(today, stops[0].to_on + timedelta(days=1))
    now = clock.at_local(today, *divmod(minutes, 60))
    everywhere = lost | {accepted_on + timedelta(days=n) for n in elsewhere}
    first, last = ladder.lit_between([] if own is None else [own], CALENDAR, everywhere, now)
    light = rules.light(now, due)
    if light == rules.REMINDER:
        assert first <= due_at <= last
    if light == rules.YELLOW:
        assert now <= due_at <= last
