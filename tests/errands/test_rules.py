"""What is allowed with an errand, table by table."""
import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import moves
from backend.core.problems import IllegalMove, Invalid
from backend.errands import rules
from backend.errands.rules import numbers
from backend.errands.rules import papers as paperwork

NOW = datetime.fromisoformat("2026-02-12T10:00:00+08:00")
VERBS = sorted({verb for _, verb in rules.MOVES})


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(rules.STATES, VERBS)))
def test_every_verb_in_every_state_leads_where_the_table_says_or_is_refused(state, verb):
    """Rules 3.1: accept and decline before acceptance, withdraw before completion, and so on."""
    if (state, verb) in rules.MOVES:
        assert moves.move(rules.MOVES, state, verb) == rules.MOVES[state, verb].state
        return
    with pytest.raises(IllegalMove) as refused:
        moves.move(rules.MOVES, state, verb, rules.STATE_NAMES)
    assert refused.value.extra["state"] == state
    assert refused.value.extra["possible"] == [
        v for (s, v), move in rules.MOVES.items() if s == state and move.roles
    ]
    assert rules.STATE_NAMES[state].zh in refused.value.detail.zh


def test_a_finished_errand_moves_nowhere():
    for state in (rules.CLOSED, rules.DECLINED, rules.WITHDRAWN):
        assert moves.possible(rules.MOVES, state) in ([], ["reverse"])


@pytest.mark.parametrize(("role", "account", "allowed"), [
    ("agent", "a", True), ("agent", "b", False), ("operator", "b", False), ("operator", "a", True),
    ("township", "t", True),
])
def test_moves_belong_to_the_answering_agent_or_the_township(role, account, allowed):
    """Rules 3.2."""
    if allowed:
        rules.may_move(role, account, "a")
    else:
        with pytest.raises(rules.NotYours):
            rules.may_move(role, account, "a")


@pytest.mark.parametrize(("claimed", "counts"), [
    (None, NOW),
    (NOW - timedelta(days=3), NOW - timedelta(days=3)),
    (NOW - timedelta(days=180), NOW - timedelta(days=180)),
    (NOW - timedelta(days=180, seconds=1), NOW),
    (NOW + timedelta(minutes=4), NOW),
    (NOW + timedelta(days=1), NOW),
])
def test_the_claimed_moment_counts_only_where_credible(claimed, counts):
    """Rules 2.1: not in the future, at most 180 days old, device skew at most 5 minutes."""
    assert rules.credible(claimed, NOW) == counts


def paper(name, required=True, received=None, deferred=None, deferrable=False):
    return {"name": name, "required": required, "received_at": received, "deferred_until_on": deferred,
            "may_defer": deferrable}


@pytest.mark.parametrize(("papers", "missing"), [
    ([], []),
    ([paper("申请书", received=NOW)], []),
    ([paper("申请书")], ["申请书"]),
    ([paper("申请书", deferred=date(2026, 2, 20))], []),
    ([paper("申请书", deferred=date(2026, 2, 12))], []),
    ([paper("申请书", deferred=date(2026, 2, 11))], ["申请书"]),
    ([paper("照片", required=False)], []),
    ([paper("申请书"), paper("户口簿")], ["申请书", "户口簿"]),
])
def test_acceptance_names_every_missing_paper(papers, missing):
    """Administrative Licensing Law art. 32: everything missing is told at once."""
    assert paperwork.missing_papers(papers, NOW.date()) == missing
    if missing:
        with pytest.raises(paperwork.MaterialsMissing) as refused:
            paperwork.check_papers(papers, NOW.date())
        assert refused.value.extra["missing"] == missing


def test_a_paper_the_version_does_not_know_is_refused():
    with pytest.raises(Invalid) as refused:
        paperwork.told_papers([{"name": "房产证", "received": True}], [paper("申请书")])
    assert list(refused.value.errors) == ["materials"]


def test_a_paper_named_twice_is_refused():
    with pytest.raises(Invalid):
        paperwork.told_papers([{"name": "申请书", "received": True}] * 2, [paper("申请书")])


@pytest.mark.parametrize(("deferrable", "until", "undertaking", "field"), [
    (False, date(2026, 2, 20), "f", "materials"),
    (True, date(2026, 2, 20), None, "undertaking_file"),
    (True, date(2026, 2, 27), "f", "deferred_until"),
    (True, date(2026, 2, 26), "f", None),
    (True, date(2026, 2, 12), "f", None),
    (True, date(2026, 2, 11), "f", "deferred_until"),
])
def test_only_marked_papers_are_deferred_with_undertaking_until_the_promised_limit(
    deferrable, until, undertaking, field
):
    """Rules 3.5."""
    call = (paper("证明", deferrable=deferrable), until, (date(2026, 2, 12), date(2026, 2, 26)), undertaking)
    if field is None:
        paperwork.check_deferral(*call)
        return
    with pytest.raises(Invalid) as refused:
        paperwork.check_deferral(*call)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(("paid", "amount", "charged", "quantity", "allowed"), [
    (0, 1600, 1600, 1, True), (0, 1601, 1600, 1, False), (1600, 1, 1600, 1, False),
    (1600, 1600, 1600, 2, True), (0, 1, 0, 1, False),
])
def test_payments_never_exceed_the_published_charge_times_quantity(paid, amount, charged, quantity, allowed):
    """Rules 2.3, the lower-bound rule."""
    if allowed:
        rules.check_payment(paid, amount, charged, quantity)
    else:
        with pytest.raises(rules.AboveCharge):
            rules.check_payment(paid, amount, charged, quantity)


@pytest.mark.parametrize(("outcome", "reason", "allowed"), [
    ("granted", None, True), ("advised", None, True), ("refused", None, False), ("returned", "", False),
    ("refused", "不符合条件", True),
])
def test_refusing_and_returning_need_reasons(outcome, reason, allowed):
    """Rules 3.7."""
    if allowed:
        rules.check_outcome(outcome, reason)
    else:
        with pytest.raises(Invalid):
            rules.check_outcome(outcome, reason)


def test_a_mandate_counts_on_its_last_day_and_not_after():
    """Rules 3.3."""
    rules.check_mandate(date(2026, 2, 12), date(2026, 2, 12))
    with pytest.raises(rules.MandateExpired):
        rules.check_mandate(date(2026, 2, 12), date(2026, 2, 13))


def errand(finished=None):
    day = timedelta(days=1)
    return {"due_at": NOW + 5 * day, "yellow_at": NOW + 4 * day, "reminder_at": NOW + 3 * day,
            "finished_at": finished}


@pytest.mark.parametrize(("after", "light"), [
    (0, "none"), (3, "reminder"), (4, "yellow"), (5, "yellow"), (5.01, "red"),
])
def test_the_light_follows_the_stored_moments_and_the_due_moment_is_in_time(after, light):
    assert rules.light(errand(), NOW + timedelta(days=after)) == light


def test_a_finished_errand_never_turns_red_afterwards():
    """Rules 4."""
    assert rules.light(errand(NOW + timedelta(days=1)), NOW + timedelta(days=30)) == "none"
    assert rules.light(errand(NOW + timedelta(days=6)), NOW + timedelta(days=30)) == "red"


@given(st.from_regex(r"331003[0-9]{6}", fullmatch=True), st.dates(date(2020, 1, 1), date(2099, 12, 31)),
       st.integers(1, 99999), st.data())
def test_a_number_survives_being_read_aloud_and_one_wrong_digit_shows(unit, day, serial, data):
    written = numbers.number(unit, day, serial)
    assert numbers.normal_number(written) == written
    assert numbers.normal_number(written.replace("-", " ")) == written
    digits = written.replace("-", "")
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))
    assert numbers.normal_number(digits[:at] + other + digits[at + 1:]) is None


@pytest.mark.parametrize("text", ["", "abc", "123", "１２３４５６７８９０１２３４５６７", "1" * 400])
def test_what_cannot_be_a_number_is_none(text):
    assert numbers.normal_number(text) is None
