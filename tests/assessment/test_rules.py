"""Half-years, schemes, scores and the lines that say what the evidence says (rules 10.6): pure."""
import copy
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.assessment.rules import appeals, evidence, periods, schemes, scoring
from backend.assessment.rules.evidence import APPEAL, SOURCE, Due, Subject, Written
from backend.core import moves
from backend.core.actor import Actor
from backend.core.calendar import Calendar
from backend.core.problems import IllegalMove, Invalid

ANN = Subject("agent", "ann", "331003001001")
UNIT = Subject("unit", "331003001001", "331003001001")


def test_half_years_end_on_30_june_and_31_december():
    assert [periods.of(date(2026, *day)) for day in ((1, 1), (6, 30), (7, 1), (12, 31))] == [
        "2026-H1", "2026-H1", "2026-H2", "2026-H2",
    ]
    assert periods.last_on("2026-H1") == date(2026, 6, 30) and periods.last_on("2026-H2") == date(2026, 12, 31)
    assert periods.over_at("2026-H2") == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert periods.between("2025-H2", "2026-H2") == ["2025-H2", "2026-H1", "2026-H2"]
    assert not periods.is_period("2026-H3") and not periods.is_period("2026-H1\n")


@pytest.mark.parametrize("on, settled, found", [
    (date(2026, 6, 30), frozenset(), "2026-H1"), (date(2026, 7, 2), frozenset(), "2026-H2"),
    (date(2026, 6, 30), frozenset({"2026-H1"}), "2026-H2"), (date(2025, 12, 31), frozenset(), None),
    (date(2027, 1, 2), frozenset(), "2026-H2"),
])
def test_a_fact_counts_in_its_own_half_year_or_where_it_was_found(on, settled, found):
    assert periods.counting(on, date(2026, 7, 3), settled, "2026-H1") == found


SCORES = [
    ({}, 1000, "优秀"),
    ({"service": -30}, 970, "优秀"),
    ({"service": -30, "presence": -50}, 920, "良好"),
    ({"presence": -350}, 800, "合格"),
    ({"merit": 20}, 1020, "优秀"),
    ({"merit": 500}, 1100, "优秀"),
    ({"timeliness": -9999, "service": -9999, "presence": -9999, "duties": -9999}, 0, "不合格"),
]


@pytest.mark.parametrize("sums, score, grade", SCORES)
def test_an_indicator_falls_to_nothing_and_no_further(sums, score, grade):
    assert scoring.total(schemes.USUAL, sums) == score
    assert scoring.grade(schemes.USUAL, score) == grade
    parts = scoring.parts(schemes.USUAL, sums)
    assert sum(part.result for part in parts) == score
    assert all(part.weight + part.added + part.cut == part.result for part in parts)


def test_the_points_of_the_rules_are_those_of_the_products_scheme():
    points = {kind: event.tenths / 10 for kind, event in schemes.USUAL.events.items()}
    assert {kind: points[kind] for kind in ("no_one_time_notice", "nobody_at_window", "absent_at_inspection")} == {
        "no_one_time_notice": -3, "nobody_at_window": -2, "absent_at_inspection": -5,
    }
    assert points["praise"] > 0
    schemes.check(schemes.DEFAULT)


def changed(change):
    body = copy.deepcopy(schemes.DEFAULT)
    change(body)
    return body


@pytest.mark.parametrize("change", [
    lambda body: body["indicators"][0].update(weight=31),
    lambda body: body["indicators"][0].update(code="service"),
    lambda body: body["indicators"][0]["events"].append({"kind": "praise", "points": 1, "to": ["unit"]}),
    lambda body: body["indicators"][0]["events"][0].update(points=-0.25),
    lambda body: body["indicators"][0]["events"][0].update(points=0),
    lambda body: body["indicators"][0]["events"][0].update(kind="sneezing"),
    lambda body: body["indicators"][0]["events"][0].update(to=["unit", "unit"]),
    lambda body: body["grades"].reverse(),
    lambda body: body.update(watch_below=70.05),
])
def test_a_scheme_that_makes_no_sense_is_refused(change):
    with pytest.raises(Invalid):
        schemes.check(changed(change))


def test_a_scheme_is_for_a_half_year_to_come():
    schemes.check_ahead("2026-H2", "2026-H1")
    for begun in ("2026-H1", "2025-H2"):
        with pytest.raises(schemes.PeriodBegun):
            schemes.check_ahead(begun, "2026-H1")
    with pytest.raises(Invalid):
        schemes.check_ahead("2026", "2026-H1")


def test_equals_share_a_place():
    assert scoring.ranks([900, 1000, 950, 950, 800]) == [4, 1, 2, 2, 5]


def due(kind="card_red", tenths=-20, subject=ANN):
    return Due(kind, subject, "timeliness", tenths)


def line(n=1, tenths=-20, reversed_by=None, kind="card_red", subject=ANN):
    return Written(f"{kind}{n}", "s", kind, subject.type, subject.id, "timeliness", tenths, n, reversed_by)


CHANGES = [
    ([], [due()], [], [1]),
    ([line()], [due()], [], []),
    ([line()], [], [1], []),
    ([line(reversed_by=SOURCE)], [], [], []),
    ([line(reversed_by=SOURCE)], [due()], [], [2]),
    ([line(reversed_by=APPEAL)], [due()], [], []),
    ([line()], [due(tenths=-10)], [1], [2]),
    ([line(reversed_by=SOURCE), line(2)], [], [2], []),
    ([line(kind="report_missing")], [due(kind="report_late")], [1], [1]),
    ([line(), line(subject=UNIT)], [due()], [1], []),
]


@pytest.mark.parametrize("written, wanted, reversed_n, added_n", CHANGES)
def test_lines_are_written_and_taken_back_until_they_say_what_is_said(written, wanted, reversed_n, added_n):
    found = evidence.changes(written, wanted)
    assert [one.n for one in found.reversals] == reversed_n and [n for _, n in found.additions] == added_n


@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from([due(), due("card_yellow", -10), due(tenths=-5), due(subject=UNIT)]),
                        max_size=3), max_size=6))
def test_whatever_is_said_one_after_the_other_the_lines_add_up_to_the_last(said):
    """Oracle: the sum of what is wanted now; asked a second time nothing is written."""
    written = []
    for wanted in said:
        keyed = list({(one.kind, one.subject): one for one in wanted}.values())
        found = evidence.changes(written, keyed)
        taken = {one.id for one in found.reversals}
        written = [one._replace(reversed_by=SOURCE) if one.id in taken else one for one in written]
        written += [line(n, one.tenths, kind=one.kind, subject=one.subject)._replace(id=f"{len(written)}{one}{n}")
                    for one, n in found.additions]
        assert sum(one.tenths for one in written if one.reversed_by is None) == sum(one.tenths for one in keyed)
        assert evidence.changes(written, keyed) == ([], [])
    assert len({(one.kind, one.subject_id, one.n) for one in written}) == len(written)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["timeliness", "service", "merit"]), st.integers(-50, 50)), max_size=30),
       st.integers())
def test_the_order_of_the_lines_does_not_change_the_score(lines, seed):
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert scoring.added({}, lines) == scoring.added({}, shuffled)
    half = scoring.added(scoring.added({}, lines[:9]), lines[9:])
    assert scoring.total(schemes.USUAL, half) == scoring.total(schemes.USUAL, scoring.added({}, lines))


def test_the_proof_changes_with_any_line():
    proofs = set()
    for parts in ([("merit", 20, 1, "a|praise|20")], [("merit", 20, 1, "b|praise|20")], [],
                  [("duties", -5, 1, "a|x|-5"), ("merit", 20, 1, "a|praise|20")]):
        count = scoring.Count()
        for one in parts:
            count.add(*one)
        proofs.add(count.digest)
    assert len(proofs) == 4


def test_a_line_is_appealed_against_once_and_a_reversal_never():
    states = [
        appeals.state_of(1, None, None), appeals.state_of(1, None, appeals.OPEN),
        appeals.state_of(1, None, appeals.REJECTED), appeals.state_of(1, "x", None), appeals.state_of(-1, None, None),
    ]
    assert states == ["standing", "appealed", "confirmed", "reversed", "reversal"]
    for state in states[1:]:
        with pytest.raises(IllegalMove):
            moves.move(appeals.MOVES, state, "appeal", appeals.STATE_NAMES)


WHO = [
    (Actor("ann", "", "agent", ANN.unit_code), ("agent", "ann"), True),
    (Actor("bob", "", "agent", ANN.unit_code), ("agent", "ann"), False),
    (Actor("bob", "", "agent", ANN.unit_code), ("unit", ANN.unit_code), True),
    (Actor("tom", "", "township", "331003001000"), ("unit", ANN.unit_code), True),
    (Actor("tom", "", "township", "331003001000"), ("agent", "ann"), False),
    (Actor("han", "", "handler", "331003000000", "MZ"), ("department", "MZ"), True),
    (Actor("han", "", "handler", "331003000000", "MZ"), ("department", "RS"), False),
]


@pytest.mark.parametrize("actor, subject, may", WHO)
def test_everybody_appeals_for_his_own(actor, subject, may):
    row = {"subject_type": subject[0], "subject_id": subject[1]}
    if may:
        appeals.may_appeal(actor, row)
        return
    with pytest.raises(appeals.LineNotYours):
        appeals.may_appeal(actor, row)


def test_ten_working_days_after_the_settlement_at_close_is_still_in_time():
    """Settled Wed 1 Jul 2026; the 10th working day is Wed 15 Jul, 17:30."""
    calendar = Calendar(dict.fromkeys((), ""))
    settled = datetime(2026, 6, 30, 16, 1, tzinfo=UTC)
    last = datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
    assert appeals.last_moment(date(2026, 7, 1), calendar) == last
    appeals.check_in_time(settled, calendar, frozenset(), last)
    appeals.check_in_time(None, calendar, frozenset(), last + timedelta(days=99))
    with pytest.raises(appeals.AppealTooLate):
        appeals.check_in_time(settled, calendar, frozenset(), last + timedelta(microseconds=1))
