"""What surveys may ask and tell; nothing below the minimum comes out, by subtracting either."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.problems import Invalid
from backend.surveys.rules import asking, slips, telling
from tests.surveys.calls import SECTIONS, answers


@pytest.mark.parametrize("counts, told", [
    ({"a": 4}, set()),
    ({"a": 5}, {"a"}),
    ({"a": 2, "b": 2}, set()),
    ({"a": 9, "b": 0}, {"a"}),
    ({"a": 9, "b": 1}, set()),
    ({"a": 9, "b": 6, "c": 1}, {"a"}),
    ({"a": 9, "b": 6, "c": 3, "d": 2}, {"a", "b"}),
    ({"": 3, "a": 5}, set()),
    ({}, set()),
])
def test_a_unit_is_told_of_only_where_it_and_what_is_left_are_enough(counts, told):
    assert telling.shown(counts, 5) == told


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12)), st.integers(5, 20))
def test_what_is_left_after_subtracting_those_shown_is_nothing_or_enough(counts, least):
    told = telling.shown(counts, least)
    left = sum(count for code, count in counts.items() if code not in told)
    assert all(counts[code] >= least for code in told)
    assert not told or left == 0 or left >= least


def test_questions_have_codes_of_their_own_and_choices_where_they_choose():
    asking.check(SECTIONS)
    question = {"code": "q", "text": "问", "kind": "choice"}
    for broken in (
        [SECTIONS[0], SECTIONS[0]], [SECTIONS[0], SECTIONS[0] | {"code": "b"}],
        [{"code": "a", "name": "甲", "questions": [question]}],
        [{"code": "a", "name": "甲", "questions": [question | {"kind": "scale", "choices": ["a", "b"]}]}],
    ):
        with pytest.raises(Invalid):
            asking.check(broken)


@pytest.mark.parametrize("wrong", [
    [], answers()[:2], answers() + answers()[:1], answers(polite=6), answers(trips=4),
    [*answers()[:2], {"question": "other", "choice": 1}],
])
def test_an_answer_answers_every_question_once_by_a_choice_it_has(wrong):
    assert asking.taken(SECTIONS, answers()) == [("clear", 4), ("polite", 5), ("trips", 1)]
    with pytest.raises(Invalid):
        asking.taken(SECTIONS, wrong)


def test_averages_are_of_scales_and_have_two_decimals():
    tally = {("polite", 5): 2, ("clear", 4): 1, ("clear", 1): 1, ("trips", 1): 2}
    assert telling.of_section(SECTIONS[0], tally) == 3.75 and telling.of_section(SECTIONS[1], tally) is None
    assert telling.of_question(SECTIONS[0]["questions"][1], tally) == {
        "code": "clear", "average": 2.5, "by_choice": [1, 0, 0, 1, 0],
    }
    assert telling.of_question(SECTIONS[1]["questions"][0], tally)["average"] is None


@pytest.mark.parametrize("given, parts", [
    ("12." + "a" * 20, (12, "a" * 20)), ("0." + "a" * 20, None), ("12", None), ("1." + "a" * 19, None), ("", None),
    ("1." + "a" * 20 + "\n", None),
])
def test_a_token_is_a_number_and_a_proof(given, parts):
    assert slips.parts(given) == parts
