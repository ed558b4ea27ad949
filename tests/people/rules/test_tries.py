"""When failures lock, how long, and whose address they are counted on."""
from datetime import UTC, datetime, timedelta

import pytest

from backend.people.rules import full_view, tries
from backend.people.rules.tries import Limit, after_failure, seconds_locked, source_of

START = datetime(2026, 2, 12, tzinfo=UTC)
LIMIT = Limit("pair", 3)


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


@pytest.mark.parametrize(("failures", "at", "seconds"), [
    ([], 0, 0),
    ([0, 1], 1, 0),                 # two of three
    ([0, 1, 2], 2, 900),            # the third locks for a quarter of an hour
    ([0, 1, 2], 16.5, 30),
    ([0, 1, 2], 17, 0),             # over to the second
    ([0, 1, 15], 15, 0),            # the window had passed: counted anew
    ([0, 1, 14.9], 14.9, 900),
    ([0, 1, 2, 17], 17, 0),         # after a lock a failure is the first again
    ([0, 1, 2, 17, 18, 19], 19, 900),
    ([0, 1, 2, 3], 3, 840),         # failing on while locked does not prolong it
])
def test_lockout_by_the_table(failures, at, seconds):
    tally = None
    for moment in failures:
        tally = after_failure(tally, LIMIT, minutes(moment))
    assert seconds_locked(tally and tally.until_at, minutes(at)) == seconds


@pytest.mark.parametrize(("peer", "forwarded", "proxies", "source"), [
    ("10.0.0.1", "", 0, "10.0.0.1"),
    ("10.0.0.1", "1.2.3.4", 0, "10.0.0.1"),              # nobody asked for proxies
    ("10.0.0.1", "1.2.3.4", 1, "1.2.3.4"),
    ("10.0.0.1", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),      # what the caller wrote himself is left of ours
    ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", 2, "1.2.3.4"),
    ("10.0.0.1", "", 1, "10.0.0.1"),
    ("10.0.0.1", "nonsense", 1, "10.0.0.1"),
    ("2001:db8::1:2", "", 0, "2001:db8::/64"),
    ("::ffff:1.2.3.4", "", 0, "1.2.3.4"),
    (None, "", 0, ""),
])
def test_the_source_is_believed_for_our_own_proxies_only(peer, forwarded, proxies, source):
    assert source_of(peer, forwarded, proxies) == source


def test_a_lock_has_a_limit_of_each_kind():
    assert tries.PAIR.times < tries.ACCOUNT.times < tries.SOURCE.times


@pytest.mark.parametrize(("ago", "seconds"), [
    ([], 0), ([1] * 59, 0), ([1] * 60, 3540), ([1] * 59 + [59], 60), ([1] * 59 + [60], 0),
    ([61] * 300, 1440 * 60 - 3660), ([61] * 299, 0), ([1] * 60 + [61] * 240, 82740),
])
def test_full_views_are_sixty_an_hour_and_three_hundred_a_day(ago, seconds):
    viewed = [START - timedelta(minutes=minutes) for minutes in ago]
    assert full_view.seconds_to_wait(viewed, START) == seconds
