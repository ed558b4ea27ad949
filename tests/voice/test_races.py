"""Several at the same moment: one rating counts, one conclusion stands, numbers have no twin."""
from collections import Counter

import pytest

from backend.core import sql, verification
from tests import cast
from tests.statements import count_statements
from tests.voice.calls import complaint, completed, rated, sent, slip

ROUNDS = 5


@pytest.fixture(autouse=True)
def june(fixed_clock):
    return fixed_clock.set("2026-06-01 09:00")


def statuses(answers):
    assert all(not isinstance(answer, Exception) for answer in answers), answers
    return Counter(answer.status_code for answer in answers)


def test_of_many_at_once_one_counts(agent, township, stranger, district_app, together):
    callers = [cast.Caller(district_app.test_client(), None) for _ in range(6)]
    clerks = [cast.Caller(district_app.test_client(), township.token) for _ in range(6)]
    for serial in range(1, ROUNDS + 1):
        token = slip(township, completed(agent, serial))["token"]
        found = statuses(together(
            lambda n: callers[n].put(f"/ratings/{token}", {"level": 1 + n % 2}, etag=None), 6  # noqa: B023
        ))
        assert found == {200: 1, 409: 5}
    assert sql.value("SELECT count(*) FROM rectification") == sql.value("SELECT count(*) FROM rating") == ROUNDS
    places = [row["place"] for row in sql.rows("SELECT place FROM rating ORDER BY place")]
    assert places == list(range(1, ROUNDS + 1))
    case = completed(agent, 9)
    made = statuses(together(
        lambda n: clerks[n].post(f"/errands/{case['id']}/rating-slips", {"channel": "slip"}), 6
    ))
    assert made == {201: 6}
    assert sql.value("SELECT count(*) FROM rating_slip WHERE errand_id = ? AND state = 'open'", (case["id"],)) == 1
    taken = together(lambda n: callers[n].post("/complaints", complaint()), 6)
    assert statuses(taken) == {201: 6}
    assert len({answer.json["number"] for answer in taken}) == 6
    path = f"/complaints/{taken[0].json['id']}"
    refusal = {"reason": "重复", "referral": "区政府"}
    found = statuses(together(
        lambda n: clerks[n].put(f"{path}/acceptance") if n % 2 else clerks[n].put(f"{path}/refusal", refusal), 6
    ))
    assert found == {200: 1, 409: 5}
    assert verification.verify().code == 0


def test_lists_take_few_statements_however_long(agent, township, stranger):
    for serial in range(1, 4):
        rated(township, stranger, completed(agent, serial), 1)
        sent(stranger.post("/complaints", complaint()), 201)
    for path, most in (("/rectifications", 3), ("/complaints", 2), ("/ratings", 1)):
        with count_statements() as seen:
            answer = sent(township.get(path))
        asked = [text for text in seen if "session" not in text]
        assert len(asked) <= most, asked
        assert path == "/ratings" or len(answer["items"]) == 3
    assert len(sent(township.get(f"/complaints?unit_code={cast.VILLAGE}"))["items"]) == 3
    assert sent(township.get(f"/complaints?unit_code={cast.FAR_VILLAGE}"))["items"] == []
    assert len(sent(township.get(f"/complaints?unit_code={cast.VILLAGE}&unit_code={cast.NEIGHBOUR}"))["items"]) == 3
    first = sent(township.get("/complaints?limit=2"))
    rest = sent(township.get(f"/complaints?limit=2&cursor={first['next_cursor']}"))
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert sent(township.get(f"/rectifications?limit=1&unit_code={cast.NEIGHBOUR}"))["items"] == []
