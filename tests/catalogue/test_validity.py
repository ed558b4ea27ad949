"""Which state a version has on a day, what can be done in it, and from when it may begin."""
import random
from datetime import date, timedelta

import pytest

from backend.catalogue import queries
from backend.catalogue.actions import drafting, publishing
from backend.catalogue.rules import validity
from backend.core import clock
from backend.core.problems import Conflict, IllegalMove, Invalid
from tests.catalogue import body_of

TODAY = date(2026, 2, 12)
SOON = TODAY + timedelta(days=9)


@pytest.mark.parametrize("verb", ["edit", "publish", "withdraw"])
@pytest.mark.parametrize("state", list(validity.STATES))
def test_every_verb_in_every_state_moves_or_is_refused(state, verb):
    """draft → published → superseded | withdrawn; published is immutable: rules.md 2.1."""
    leads = {
        ("draft", "edit"): "draft", ("draft", "publish"): "published", ("published", "withdraw"): "withdrawn",
    }
    if (state, verb) in leads:
        assert validity.move(state, verb) == leads[state, verb]
    else:
        with pytest.raises(IllegalMove) as refused:
            validity.move(state, verb)
        assert refused.value.extra["state"] == state


@pytest.mark.parametrize(("stored", "ends", "seen"), [
    ("draft", None, "draft"), ("published", None, "published"), ("published", SOON, "published"),
    ("published", TODAY + timedelta(days=1), "published"), ("published", TODAY, "superseded"),
    ("withdrawn", TODAY, "withdrawn"), ("withdrawn", SOON, "withdrawn"),
])
def test_a_published_version_is_superseded_from_its_last_midnight_on(stored, ends, seen):
    assert validity.state_on(stored, ends, TODAY) == seen


@pytest.mark.parametrize(("begins", "last", "refusal"), [
    (TODAY, None, None), (SOON, None, None), (TODAY, TODAY, None), (TODAY, TODAY - timedelta(days=9), None),
    (SOON + timedelta(days=1), SOON, None), (SOON, SOON, Conflict), (TODAY, SOON, Conflict),
    (TODAY - timedelta(days=1), None, Invalid), (TODAY - timedelta(days=1), TODAY, Invalid),
])
def test_a_first_day_is_neither_past_nor_over_one_announced(begins, last, refusal):
    if refusal is None:
        validity.check_begin(begins, TODAY, last)
    else:
        with pytest.raises(refusal):
            validity.check_begin(begins, TODAY, last)


def test_whatever_is_done_one_version_at_most_is_in_force_and_the_past_stands(departments, admin, now):
    """Random lives of items; what was in force on past days never changes afterwards."""
    dice = random.Random(4)
    span = [TODAY + timedelta(days=offset) for offset in range(-2, 60)]
    for life in range(12):
        code, at, past = f"L-{life}", now, {}
        drafting.create_item(body_of(code=code), actor=admin, now=at)
        for _ in range(12):
            today = clock.local_date(at)
            act(dice, code, today, admin, at)
            seen = {day: queries.in_force(code, day) for day in span}
            numbers = {day: found and found["version"] for day, found in seen.items()}
            assert {day: numbers[day] for day in past} == past
            at += timedelta(days=dice.choice((0, 0, 1, 3)))
            past = {day: number for day, number in numbers.items() if day < clock.local_date(at)}
            starts = [version["valid_from"] for version in standing(code, admin, today)]
            assert starts == sorted(set(starts))


def standing(code, admin, today):
    page = queries.history(code, actor=admin, on=today, limit=50, cursor=None)
    spans = [v for v in page.items if v["valid_from"] and v["valid_from"] != v["valid_to"]]
    for before, after in zip(spans, spans[1:]):
        assert before["valid_to"] is not None
        assert before["valid_to"] <= after["valid_from"]
    return spans


def act(dice, code, today, admin, at):
    page = queries.history(code, actor=admin, on=today, limit=50, cursor=None)
    chosen = dice.choice(page.items)["version"]
    begins = dice.choice((None, today + timedelta(days=dice.randrange(12))))
    try:
        match dice.randrange(5):
            case 0:
                drafting.draft_version(code, body_of(code=code), actor=admin, now=at)
            case 1:
                publishing.withdraw(code, chosen, "试验", actor=admin, now=at)
            case _:
                ref = drafting.draft_version(code, body_of(code=code), actor=admin, now=at)
                publishing.publish(*ref, begins, actor=admin, now=at)
    except Conflict:
        pass
    except IllegalMove as refused:
        assert refused.extra["state"] != "published"
