"""A district's year: who was in time and how often in a row, ranking, coverage week by week."""
from xml.etree import ElementTree

import pytest

from backend.reports.actions import issuing
from tests import cast
from tests.reports import weekly
from tests.reports.test_bulletin import ISSUER
from tests.reports.weekly import at
from tests.statements import count_statements

WEEKS = {"2026-W05": "2026-01-30", "2026-W06": "2026-02-06", "2026-W07": "2026-02-14", "2026-W09": "2026-02-28"}


@pytest.fixture
def year(district_app, fixed_clock):
    """Four weeks that owed and one that did not: 东城 always in time, 南城 late in the third week, 西城 never."""
    first, second, third = weekly.townships()[:3]
    weekly.fall_due(at("2026-01-26 09:00"))
    for week, day in WEEKS.items():
        weekly.file(week, first, at(f"{day} 17:00"))
        weekly.file(week, second, at(f"{day} 17:31" if week == "2026-W07" else f"{day} 16:00"))
        weekly.fall_due(at(f"{day} 18:00"))
    fixed_clock.set("2026-02-28 19:00")
    return first, second, third


def test_the_year_ranks_by_what_was_in_time_and_counts_rows_over_weeks_that_owe_nothing(year, district_app):
    found = cast.sign_in(district_app.test_client(), "office").get("/weekly-reports/years/2026").json
    first, second, third = (next(one for one in found["townships"] if one["unit_code"] == code) for code in year)
    assert [week["week"] for week in found["weeks"]] == list(WEEKS)
    assert found["weeks"][0]["received"] == 2 and found["weeks"][2]["on_time"] == 1
    assert (first["rank"], first["on_time_rate_percent"], first["streak"], first["longest_streak"]) == (1, 100.0, 4, 4)
    assert (second["rank"], second["on_time_rate_percent"], second["streak"]) == (2, 75.0, 1)
    assert (second["longest_streak"], second["received"]) == (2, 4)
    assert (third["rank"], third["on_time"], third["streak"]) == (3, 0, 0)
    assert [point["week"] for point in found["burn_up"]][-1] == "2026-W09" and len(found["targets"]) == 2


def test_it_takes_five_statements_with_the_sign_in(year, district_app):
    office = cast.sign_in(district_app.test_client(), "office")
    with count_statements() as statements:
        assert office.get("/weekly-reports/years/2026").status_code == 200
    assert len(statements) <= 5


def test_the_chart_is_a_picture_with_chinese_labels(year, district_app):
    clerk = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    answer = clerk.get("/weekly-reports/years/2026/chart.svg")
    assert answer.content_type == "image/svg+xml" and "sandbox" in answer.headers["Content-Security-Policy"]
    assert ElementTree.fromstring(answer.data).find("{*}title").text == "2026年建成率与目标"


def test_a_year_that_has_not_begun_or_is_none_is_not_there(district_app):
    office = cast.sign_in(district_app.test_client(), "office")
    found = [office.get(f"/weekly-reports/years/{number}").status_code for number in (2025, 2027, 99999, 0)]
    assert found == [200, 404, 404, 404]


def test_a_preview_and_an_issued_bulletin_take_few_statements(district_app, stranger, fixed_clock):
    stranger.get("/bulletins/2026-W07")
    with count_statements() as preview:
        stranger.get("/bulletins/2026-W07")
    assert len(preview) <= 20
    issuing.issue("2026-W07", actor=ISSUER, now=fixed_clock.set("2026-02-16 09:00"))
    with count_statements() as issued:
        stranger.get("/bulletins/2026-W07")
    assert len(issued) <= 2
