"""The plan of a day breaks no window, is the same however it is asked for, and hardly longer than the shortest."""
import random
import time
from dataclasses import replace
from itertools import combinations, permutations
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as some

from backend.visits.rules import planning
from backend.visits.rules.planning import Stop, plan

DAYS, WORST, MEAN = 60, 1.25, 1.02
"""Of so many days none is longer than so many times the shortest, and on average hardly at all."""


def stops_of(chance, count, windows):
    """Stops on a map of an hour across, with windows and some of them booked, or free all day."""
    found, places = [], {None: (30.0, 30.0)}
    for number in range(count):
        key, start = f"v{number:02d}", chance.randrange(480, 960, 5)
        places[key] = chance.uniform(0, 60), chance.uniform(0, 60)
        if not windows:
            found.append(Stop(key, 0, 10_000, 30))
        elif chance.random() < 0.3:
            found.append(Stop(key, start, start, chance.choice((30, 60)), booked=True))
        else:
            found.append(Stop(key, start, start + chance.choice((30, 60, 120, 240)), chance.choice((30, 45, 60))))

    def way(one, other):
        (x, y), (u, v) = places[one], places[other]
        return ceil(((x - u) ** 2 + (y - v) ** 2) ** 0.5)

    return found, way


def lateness(route, way):
    """Minutes by which booked stops begin late; None where another's window breaks. Told apart from the product's."""
    ready, last, late = None, None, 0
    for stop in route:
        start = stop.earliest if ready is None else max(stop.earliest, ready + way(last, stop.key))
        if start > stop.latest:
            if not stop.booked:
                return None
            late += start - stop.latest
        ready, last = start + stop.minutes, stop.key
    return late


def length(route, way):
    keys = [None, *(stop.key for stop in route), None]
    return sum(way(one, other) for one, other in zip(keys, keys[1:]))


def in_order(stops):
    """What is booked, as it stands: by time, and by key where two are at the same."""
    return sorted((stop for stop in stops if stop.booked), key=lambda stop: (stop.latest, stop.earliest, stop.key))


def shortest(stops, way):
    """How many stops can be made at most, and on how few minutes of way: all orders of all of them tried."""
    booked = in_order(stops)
    others, bound = [stop for stop in stops if not stop.booked], lateness(booked, way)
    for count in range(len(others), -1, -1):
        found = [
            length(route, way) for chosen in combinations(others, count)
            for route in permutations([*booked, *chosen])
            if (late := lateness(route, way)) is not None and late <= bound
        ]
        if found:
            return len(booked) + count, min(found)
    raise AssertionError("what is booked can always be made")


def test_a_small_day_is_nearly_as_short_as_it_can_be():
    chance, ratios = random.Random(20261012), []
    for number in range(DAYS):
        stops, way = stops_of(chance, 2 + number % 4 + number // (DAYS - 9), number % 2 == 0)
        laid = plan(stops, way)
        most, least = shortest(stops, way)
        assert len(laid.stops) == most and laid.travel >= least
        ratios.append(laid.travel / least)
    assert max(ratios) <= WORST and sum(ratios) / DAYS <= MEAN


@settings(max_examples=30)
@given(seed=some.integers(0, 10**9), count=some.integers(0, 20), shuffled=some.randoms(use_true_random=False))
def test_no_window_breaks_nothing_booked_moves_and_order_does_not_matter(seed, count, shuffled):
    stops, way = stops_of(random.Random(seed), count, windows=True)
    laid, known = plan(stops, way), {stop.key: stop for stop in stops}
    route = [known[stop.key] for stop in laid.stops]
    assert sorted([*(stop.key for stop in route), *(key for key, _ in laid.unplanned)]) == sorted(known)
    assert len(route) <= planning.MOST_STOPS
    assert lateness(route, way) is not None and laid.travel == length(route, way)
    for told, stop in zip(laid.stops, route):
        assert stop.earliest <= told.start <= stop.latest + told.late and (stop.booked or not told.late)
    booked = [stop for stop in route if stop.booked]
    assert booked == sorted(booked, key=lambda stop: stop.earliest)
    assert sum(stop.late for stop in laid.stops) <= lateness(in_order(route), way)
    shuffled.shuffle(stops)
    assert plan(stops, way) == laid


def test_of_more_than_fifteen_the_booked_come_first_and_the_rest_is_told():
    stops = [Stop(f"v{n:02d}", 0, 2000, 10) for n in range(20)]
    stops[19] = replace(stops[19], earliest=700, latest=700, booked=True)
    laid = plan(stops, lambda one, other: 5)
    assert len(laid.stops) == 15 and "v19" in [stop.key for stop in laid.stops]
    assert laid.unplanned == tuple((f"v{n:02d}", planning.TOO_MANY) for n in range(14, 19))


def test_what_does_not_fit_is_left_out_and_nothing_booked_becomes_later():
    booked = [Stop("a", 540, 540, 60, booked=True), Stop("b", 610, 610, 60, booked=True)]
    laid = plan([*booked, Stop("c", 550, 590, 20), Stop("d", 700, 800, 20)], lambda one, other: 10)
    assert [stop.key for stop in laid.stops] == ["a", "b", "d"]
    assert laid.unplanned == (("c", planning.NO_ROOM),)
    tight = plan(booked, lambda one, other: 30)
    assert [(stop.start, stop.late) for stop in tight.stops] == [(540, 0), (630, 20)]


def test_fifteen_stops_are_planned_in_the_wink_of_an_eye():
    chance, spent = random.Random(7), []
    for windows in (True, False) * 4:
        stops, way = stops_of(chance, 15, windows)
        begun = time.process_time()
        plan(stops, way)
        spent.append(time.process_time() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.05
