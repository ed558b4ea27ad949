"""Settling, late facts, appeals by the dozen, and who is faster: through the actions, on both engines."""
import random

import pytest

from backend.assessment import jobs
from backend.assessment.actions import appealing, settling
from backend.assessment.queries import periods, recomputing
from backend.assessment.rules import schemes, scoring
from backend.assessment.rules.evidence import Subject
from backend.core import db, sql
from backend.core.actor import Actor, Call
from backend.core.problems import IllegalMove, Problem
from tests import cast
from tests.assessment.scored import JOB, agent_id, at, said, take, tick
from tests.people.conftest import together

__all__ = ["together"]
P, NOW, OVER = "2026-H1", at("2026-06-01 10:00"), at("2026-07-01 00:01")
JUDGE = Actor("judge", "监督", "supervisor", cast.DISTRICT)
KINDS = ("card_red", "card_yellow", "no_one_time_notice", "nobody_at_window", "praise", "other_minus")


def half():
    return periods.row(cast.DISTRICT, P)


def me():
    return Actor(agent_id(), "", "agent", cast.VILLAGE, call=Call())


def standing(subject_id=None):
    return sql.row("SELECT * FROM standing WHERE period = ? AND subject_id = ?", (P, subject_id or agent_id()))


def same():
    told = recomputing.compared(half())
    assert told["same"], told
    return told


@pytest.fixture
def begun(district_app):
    tick(NOW)


def oracle():
    """The scores by one plain query and the rule, and nothing else."""
    found: dict[str, dict[str, int]] = {}
    for row in sql.plain("SELECT standing_id, indicator, tenths FROM evidence_line WHERE period = ?", (P,)):
        sums = found.setdefault(row["standing_id"], {})
        sums[row["indicator"]] = sums.get(row["indicator"], 0) + row["tenths"]
    return {one: scoring.total(schemes.USUAL, sums) for one, sums in found.items()}


def stored():
    return {row["id"]: row["total_tenths"] for row in sql.plain(
        "SELECT id, total_tenths FROM standing WHERE period = ? AND lines > 0", (P,))}


def test_after_settlement_and_random_appeals_all_comes_out_the_same(begun):
    chance = random.Random(7)
    agents = [row["id"] for row in sql.plain("SELECT id FROM account WHERE role = 'agent' ORDER BY id LIMIT 12")]
    subjects = [Subject("agent", one, cast.VILLAGE) for one in agents]
    take(*(said(f"s{n}", chance.choice(KINDS), subject=chance.choice(subjects)) for n in range(400)), now=NOW)
    assert stored() == oracle()
    assert tick(OVER) == 1
    before = same()
    lines = sql.plain("SELECT l.id, s.subject_id FROM evidence_line l JOIN standing s ON s.id = l.standing_id")
    for line in chance.sample(sorted(lines, key=lambda line: line["id"]), 64):
        own = Actor(line["subject_id"], "", "agent", standing(line["subject_id"])["unit_code"], call=Call())
        made = appealing.appeal(line["id"], reason="有异议", actor=own, now=OVER)
        appealing.decide(made, upheld=chance.random() < 0.8, reason="查明", actor=JUDGE, now=OVER)
    assert stored() == oracle()
    after = same()
    assert after["content_sha256"] == before["content_sha256"] and 0 < after["lines"] - before["lines"] <= 64


def test_a_line_or_a_score_that_was_tampered_with_is_seen(begun):
    take(said("a", "card_red", "praise"), now=NOW)
    mine = standing()
    sql.execute("UPDATE standing SET total_tenths = 1100 WHERE id = ?", (mine["id"],))
    assert recomputing.compared(half())["differing"] == [mine["id"]]
    assert tick(OVER) == 1 and standing()["total_tenths"] == 1000, "the lines are what counts"
    same()
    for table in ("evidence_line", "assessment_score"):
        for change in ("UPDATE {} SET kind = 'x'", "DELETE FROM {}"):
            if table == "assessment_score":
                change = change.replace("kind = 'x'", "lines = 9")
            with pytest.raises(db.FAULTS):
                sql.execute(change.format(table))


def test_what_comes_to_light_after_the_settlement_counts_where_it_was_found(begun):
    assert tick(OVER) == 1
    take(said("late", "card_red"), now=OVER)
    rows = sql.plain("SELECT period FROM evidence_line")
    assert [row["period"] for row in rows] == ["2026-H2"] and same()["lines"] == 0
    take(said("old", "card_red", effective_at=at("2025-12-31 10:00")), now=OVER)
    assert len(sql.plain("SELECT id FROM evidence_line")) == 1, "before the first half-year nothing counts"


def test_a_source_that_takes_back_after_the_settlement_reverses_in_the_settled_half_year(begun):
    take(said("card", "card_red"), said("other", "no_one_time_notice"), now=NOW)
    tick(OVER)
    take(said("card"), now=OVER)
    take(said("card"), now=OVER)
    mine = standing()
    assert (mine["total_tenths"], mine["settled_tenths"], mine["revision"], mine["lines"]) == (970, 950, 2, 3)
    same()


def test_what_an_appeal_took_back_stays_so_whatever_the_source_says(begun):
    take(said("card", "card_red"), now=NOW)
    line = sql.value("SELECT id FROM evidence_line")
    made = appealing.appeal(line, reason="有异议", actor=me(), now=NOW)
    appealing.decide(made, upheld=True, reason="属实", actor=JUDGE, now=NOW)
    take(said("card", "card_red"), now=NOW)
    take(said("card"), now=NOW)
    assert standing()["total_tenths"] == 1000 and standing()["lines"] == 2


def test_a_line_that_comes_in_while_it_is_counted_has_it_counted_again(begun):
    found = half()
    take(said("a", "card_red"), now=NOW)
    assert settling.settle(found, {}, actor=JOB, now=OVER) == 0
    assert half()["state"] == "open" and tick(OVER) == 1 and standing()["settled_tenths"] == 980


def outcome(act):
    try:
        return act()
    except Problem as refused:
        return type(refused)


@pytest.mark.parametrize("round_number", range(3))
def test_many_at_once_count_each_fact_once_and_decide_once(begun, together, round_number):
    take(said("a", "card_red"), now=NOW)
    line = sql.value("SELECT id FROM evidence_line")
    made = appealing.appeal(line, reason="有异议", actor=me(), now=NOW)

    def act(n):
        if n < 3:
            return outcome(lambda: appealing.decide(
                made, upheld=True, reason="属实", actor=Actor(f"judge{n}", "", "supervisor", cast.DISTRICT), now=NOW))
        return outcome(lambda: take(said(f"b{n % 2}", "card_yellow"), said("a"), now=NOW))

    found = together(act, 6)
    assert sorted(map(str, found[:3])) == sorted(map(str, [made, IllegalMove, IllegalMove]))
    take(said("b0", "card_yellow"), said("b1", "card_yellow"), now=NOW)
    assert stored() == oracle() and standing()["total_tenths"] == 980
    assert sql.value("SELECT count(*) FROM evidence_line WHERE n < 0") == 1


def test_the_job_takes_in_each_entry_once_however_often_it_dies(district_app, monkeypatch, fixed_clock):
    def dies(*_, **__):
        raise RuntimeError("dead")

    monkeypatch.setattr("backend.assessment.queries.sources.said", dies)
    with pytest.raises(RuntimeError):
        jobs.take_evidence(actor=JOB, now=fixed_clock.now())
    assert periods.marked()["seq"] == 0, "the mark and the lines commit together"
    monkeypatch.undo()
    jobs.take_evidence(actor=JOB, now=fixed_clock.now())
    head = sql.value("SELECT seq FROM ledger_head")
    assert 0 < periods.marked()["seq"] <= head and periods.begun() == "2026-H1"
