"""An appointment over HTTP: booked by the operator for a caller, moved, kept, missed."""
import pytest

from tests.appointments.booked import DAY, appointment, cells, check_books, offer, rules


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)
    yield
    check_books()


def test_try(operator):
    made = operator.post("/appointments", appointment())
    print(made.status_code, made.json)
    assert made.status_code == 201
