"""The operator's call: pick the person, pick a slot, book, read the number back. Three requests, few statements."""
import pytest

from tests import cast
from tests.appointments.booked import UNIT, appointment, check_books, offer, rules
from tests.statements import count_statements

BARE_LOOK_UP, BARE_SEARCH, BARE_SLOTS, BARE_CLAIM = 1, 1, 1, 10
"""Statements of the barest program: a look-up, a list, and for a claim the rules, the cells, the update, the
allocations, the number, the row, the ledger's three and the key."""
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)
    yield
    check_books()


def counted(act):
    with count_statements() as run:
        answer = act()
    assert answer.status_code in (200, 201), answer.json
    return answer.json, len([text for text in run if not text.lstrip().startswith(FRAME)])


@pytest.mark.parametrize("by", ["phone", "initials"])
def test_a_call_takes_three_requests_and_few_statements(by, operator):
    person = {"name": "王桂香", "id_number": cast.id_number(1), "phone": "13805761234"}
    registered = operator.post("/errands", cast.errand(resident=person))
    assert registered.status_code == 201, registered.json
    operator.post("/appointments", appointment(9, start="12:00"))
    if by == "phone":
        found, price = counted(lambda: operator.post("/residents/lookups", {"phone": "138 0576 1234"}))
        assert price <= 3 * BARE_LOOK_UP
    else:
        found, price = counted(lambda: operator.get("/residents?q=wgx"))
        assert price <= 3 * BARE_SEARCH
    assert [one["name"] for one in found["items"]] == ["王桂香"]
    asked = f"/units/{UNIT}/slots?from=2026-02-13&to=2026-02-26&service=general"
    free, price = counted(lambda: operator.get(asked))
    assert price <= 3 * BARE_SLOTS
    slot = free["items"][0]
    body = appointment(
        date=slot["date"], start=slot["start"], person=person, caller={"name": "王大伟", "phone": "13805769999"}
    )
    made, price = counted(lambda: operator.post("/appointments", body))
    assert price <= 3 * BARE_CLAIM
    assert made["resident_id"] == found["items"][0]["id"]
    assert made["number"].split("-")[-1] in made["read_back"] and "王" in made["surname"]
