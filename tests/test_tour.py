"""docs/api-tour.md says what the API says, on both engines."""
from tests import tour


def test_every_answer_of_the_tour_is_the_apis(district_app, fixed_clock):
    page = tour.PAGE.read_text(encoding="utf-8")
    walked = tour.Walk(district_app, fixed_clock).through(page)
    assert walked == page, "run python -m tests.guards.regenerate, and read what changed"


def test_the_tour_shows_no_answer_that_nothing_asked_for():
    page = tour.PAGE.read_text(encoding="utf-8")
    asked = sum(1 for block in tour.BLOCK.finditer(page) if block["request"] or block["command"])
    answers = page.count("\n```http\n") + page.count("\n```sh\n") + page.count("\n```text\n") - asked
    assert asked == answers > 20
