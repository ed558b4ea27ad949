"""The graph of procedures against a slow and simple reckoning of the same."""
import json
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backend
from backend.core.calendar import Calendar
from backend.core.workdays import next_working
from backend.projects.rules import graph, layout, progress, templatefiles, templates
from backend.projects.rules.days import Days

SAMPLE = json.loads((Path(backend.__file__).parent / "sample/huangyan/project-template.json").read_text("utf-8"))
DAYS = st.integers(0, 9)


@st.composite
def graphs(draw):
    """Steps whose arrows point backwards only, given in any order, some finished, with papers away, or waiting."""
    count = draw(st.integers(1, 9))
    codes = [f"P{n}" for n in range(count)]
    steps = []
    for n, code in enumerate(codes):
        before = draw(st.lists(st.sampled_from(codes[:n]), unique=True)) if n else []
        kind = draw(st.sampled_from(["plain", "done", "due", "waiting"]))
        steps.append(graph.Step(
            code, draw(DAYS), before, draw(DAYS) if kind == "done" else None, draw(DAYS) if kind == "due" else None,
            kind == "waiting",
        ))
    return draw(st.permutations(steps))


def finish_of(step, steps, started, today):
    """When a step finishes, asked of each predecessor anew."""
    ready = max([started, *(finish_of(steps[code], steps, started, today) for code in step.predecessors)])
    if step.finished_on is not None:
        return step.finished_on
    if step.due_on is not None:
        return max(step.due_on, today)
    return max(ready, today) + step.days if step.waiting else ready + step.days


@settings(max_examples=150)
@given(graphs(), DAYS, DAYS)
def test_a_plan_is_what_the_recursion_says(steps, started, today):
    known = {step.code: step for step in steps}
    found = graph.plan(steps, started, today)
    finishes = {code: finish_of(step, known, started, today) for code, step in known.items()}
    assert {code: slot.finishes for code, slot in found.slots.items()} == finishes
    assert found.ends == max(finishes.values())
    assert found.critical == sorted(
        (code for code, slot in found.slots.items() if slot.slack == 0), key=lambda code: (finishes[code], code)
    )


@st.composite
def acyclic(draw):
    """Limits and arrows of a small template."""
    codes = [f"P{n}" for n in range(draw(st.integers(1, 8)))]
    arrows = {
        code: draw(st.lists(st.sampled_from(codes[:n]), unique=True)) if n else [] for n, code in enumerate(codes)
    }
    return {code: draw(st.integers(1, 9)) for code in codes}, arrows


@settings(max_examples=100)
@given(acyclic(), st.data())
def test_slipping_within_float_moves_nothing_and_one_day_more_moves_the_end(template, data):
    limits, arrows = template
    found = graph.unplanned(limits, arrows)
    code = data.draw(st.sampled_from(sorted(limits)))
    slack = found.slots[code].slack
    assert graph.unplanned(limits | {code: limits[code] + slack}, arrows).ends == found.ends
    assert graph.unplanned(limits | {code: limits[code] + slack + 1}, arrows).ends == found.ends + 1


@settings(max_examples=100)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_a_ring_is_found_exactly_where_there_is_one_and_is_one(drawn):
    count, pairs = drawn
    arrows = {f"P{n}": [f"P{m}" for k, m in sorted(pairs) if k == n] for n in range(count)}
    reach = set(pairs)
    for _ in range(count):
        reach |= {(a, d) for (a, b), (c, d) in product(reach, reach) if b == c}
    if not any((n, n) in reach for n in range(count)):
        ordered = graph.order(arrows)
        assert all(ordered.index(other) < ordered.index(code) for code in arrows for other in arrows[code])
        return
    with pytest.raises(graph.Cycle) as refused:
        graph.order(arrows)
    ring = refused.value.extra["cycle"]
    assert ring[0] == ring[-1] and all(a in arrows[b] for a, b in zip(ring, ring[1:]))


def test_the_sample_has_the_critical_path_that_it_says_and_82_days_where_each_step_is_cut():
    read = templatefiles.read(SAMPLE, "x")
    body = templates.body_of(read.template)
    told = templates.figures(body["procedures"])
    assert told["critical_path"] == SAMPLE["meta"]["zero_slack_steps"]
    assert (told["critical_path_working_days"], told["limit_sum_working_days"]) == (123, 265)
    assert told["lead_departments"] == 35
    assert told["cut_by_30_percent"]["critical_path_working_days"] == 82
    assert len(body["procedures"]) == 41 and len(body["extension_procedures"]) == 6
    assert [stage["name"] for stage in body["stages"]][:3] == ["立项", "用地", "规划设计"]


def test_excluded_procedures_of_the_sample_are_never_deemed_by_silence():
    body = templates.body_of(templatefiles.read(SAMPLE, "x").template)
    excluded = {step["id"] for step in SAMPLE["steps"] if not step["overtime_default_allowed"]}
    assert {each["code"] for each in body["procedures"] if not each["timeout_consent"]} == excluded


@pytest.mark.parametrize("limit, short", [(1, 0), (3, 2), (5, 3), (7, 4), (10, 7), (20, 14)])
def test_a_cut_by_thirty_percent_is_whole_days(limit, short):
    assert graph.cut(limit) == short


@settings(max_examples=60)
@given(
    st.sets(st.dates(date(2026, 1, 1), date(2026, 2, 28)), max_size=12),
    st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.integers(0, 20),
)
def test_working_day_numbers_skip_weekends_and_closed_days(closed, start, count):
    calendar = Calendar({})
    days, day = Days(calendar, closed), start
    for _ in range(count):
        day = next_working(calendar, day, closed)
    if count:
        assert days.day(days.number(start) + count) == day
    assert days.number(day) - days.number(start) == count


def test_everything_in_the_picture_has_its_own_place_to_the_right_of_what_it_waits_for():
    body = templates.body_of(templatefiles.read(SAMPLE, "x").template)
    arrows, stages = templates.arrows(body["procedures"]), {each["code"]: each["stage"] for each in body["procedures"]}
    found = layout.laid(arrows, stages, [stage["code"] for stage in body["stages"]])
    assert all(found.places[other].column < found.places[code].column for code in arrows for other in arrows[code])
    spots = sorted((place.column, place.height) for place in found.places.values())
    assert all(a[0] < b[0] or b[1] - a[1] >= 0.999 for a, b in zip(spots, spots[1:]))


def row(code, state, *before, outcome=None):
    return {"code": code, "state": state, "outcome": outcome, "predecessors": list(before), "finished_at": None}


@pytest.mark.parametrize("procedures, opened, blocked", [
    ([row("A", "open"), row("B", "blocked", "A")], [], []),
    ([row("A", "finished", outcome="agreed"), row("B", "blocked", "A")], ["B"], []),
    ([row("A", "finished", outcome="deemed_by_timeout"), row("B", "blocked", "A")], ["B"], []),
    ([row("A", "finished", outcome="objected"), row("B", "blocked", "A")], [], []),
    ([row("A", "open"), row("B", "finished", "A", outcome="agreed"), row("C", "served", "B")], [], ["B", "C"]),
    ([row("A", "blocked"), row("B", "blocked", "A")], ["A"], []),
])
def test_what_opens_and_what_waits_again(procedures, opened, blocked):
    found = progress.turned(procedures, [each["code"] for each in procedures])
    assert [each["code"] for each, _ in found.opened] == opened
    assert [each["code"] for each in found.blocked] == blocked
