"""How many sites stood on which day, and the chart of it."""
from datetime import date, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from backend.core import drawn
from backend.reports.rules import burnup, charts
from backend.reports.rules.burnup import Span

START = date(2026, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
SPANS = st.builds(Span, st.none() | DAYS, st.none() | DAYS, st.integers(1, 5))


def holds(span, day):
    return (span.from_on is None or span.from_on <= day) and (span.to_on is None or day < span.to_on)


@given(st.lists(st.tuples(st.sampled_from("ab"), SPANS)), st.lists(DAYS, unique=True).map(sorted))
def test_totals_are_what_counting_day_by_day_gives(spans, days):
    found = burnup.totals(spans, days)
    for key in "ab":
        told = [sum(span.sites for k, span in spans if k == key and holds(span, day)) for day in days]
        assert found.get(key, [0] * len(days)) == told


def test_the_weeks_of_a_year_end_with_the_day_asked_for():
    found = burnup.sundays(2026, date(2026, 1, 14))
    assert found == [
        ("2026-W01", date(2026, 1, 4)), ("2026-W02", date(2026, 1, 11)), ("2026-W03", date(2026, 1, 14)),
    ]
    assert len(burnup.sundays(2026, date(2030, 1, 1))) == burnup.weeks_in(2026) == 53
    assert burnup.weeks_in(2025) == 52


TARGETS = [
    {"level": "township", "target_on": "2026-07-31", "target_percent": 100},
    {"level": "village", "target_on": "2026-10-31", "target_percent": 100},
]
POINTS = [
    {"week": "2026-W38", "township": 100.0, "village": 74.1}, {"week": "2026-W39", "township": 100.0, "village": 76.0},
]


def test_the_way_to_a_target_begins_where_it_lies_ahead_and_is_not_met():
    chart = charts.coverage(2026, POINTS, TARGETS)
    township, village = chart.lines[2:]
    assert [n for n, value in enumerate(township.values) if value is not None] == [30]
    assert {n: value for n, value in enumerate(village.values) if value is not None} == {38: 76.0, 43: 100.0}
    assert chart.told == "乡镇街道建成率100.0%；村居社区建成率76.0%"


def test_lines_differ_in_shape_and_not_only_in_colour():
    lines = charts.coverage(2026, POINTS, TARGETS).lines
    assert len({(line.shape, line.dashed) for line in lines}) == len(lines)


def test_both_drawings_are_sound_xml_and_hold_no_script():
    chart = charts.coverage(2026, POINTS, TARGETS)
    picture = drawn.svg(drawn.Chart("<b>&\"'</b>", chart.categories, chart.lines, "</desc><script>"))
    assert "<script" not in picture and "style=" not in picture
    root = ElementTree.fromstring(picture)
    assert root.find("{*}title").text == "<b>&\"'</b>"
    assert ElementTree.fromstring(drawn.part(chart)).tag.endswith("chartSpace")


def test_a_year_of_which_nothing_is_known_has_an_empty_chart():
    assert "不适用" in charts.svg(2026, [], TARGETS)
