"""No seat is sold twice and none is lost, whoever races for it and whenever the server dies (rules 5.3).

``DAIBAN_TEST_RACES`` is how many last seats twenty clients race for, ``DAIBAN_TEST_BOOKING_SECONDS`` how long sixteen
desks book, move and cancel on ten cells of three seats.
"""
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from backend.core import clock, db, sql, transaction
from tests import cast
from tests.appointments.booked import check_books
from tests.server import LONG, ROOT

ROUNDS = int(os.environ.get("DAIBAN_TEST_RACES", "5"))
SECONDS = float(os.environ.get("DAIBAN_TEST_BOOKING_SECONDS", "2"))
DESKS = 16
UNIT = cast.TOWNSHIP


def offered(server, **window):
    """Have the centre offer this, every day of the week but holidays; the first day with slots."""
    body = {
        "grid_minutes": 30, "horizon_days": 30, "opens_at": "00:00", "roster_required": False,
        "services": [
            {"code": code, "name": code, "minutes": 30 * cells, "gap_minutes": 0}
            for code, cells in (("one", 1), ("two", 2), ("three", 3))
        ],
        "rules": [
            {"kind": "recurring", "weekdays": [1, 2, 3, 4, 5, 6, 7]} | window,
            {"kind": "weekend_duty"} | window,
        ],
    }
    token = server.token(f"township-{UNIT}")
    put = server.ask(
        "PUT", f"/api/v1/units/{UNIT}/booking-rules", body, Authorization=f"Bearer {token}", If_Match="*"
    )
    assert put.status == 200, put.data
    days = slots(server, "one")
    return days[1] if len(days) > 1 else days[0]


def slots(server, service):
    today = clock.local_date(clock.SystemClock().now())
    found = server.ask(
        "GET", f"/api/v1/units/{UNIT}/slots?from={today}&to={today + timedelta(days=30)}&service={service}"
    )
    assert found.status == 200, found.data
    return sorted({(slot["date"]) for slot in found.json["items"] if slot["free"] > 0})


def booking(day, start, number, service="one"):
    return {
        "unit_code": UNIT, "date": day, "start": start, "service": service, "channel": "phone",
        "person": {"name": "王桂香", "phone": f"138{number:08d}"},
    }


def test_twenty_race_for_the_last_seat_and_one_has_it(server):
    server.start()
    day = offered(server, **{"from": "08:00", "to": "23:30", "capacity": 1})
    token = server.token(f"operator-{UNIT}")
    starts = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(480, 1410, 30)]
    days = [(date.fromisoformat(day) + timedelta(days=n)).isoformat() for n in range(20)]
    places = [(one, start) for one in days if one in set(slots(server, "one")) for start in starts]
    with ThreadPoolExecutor(20) as clients:
        for number, (on, start) in enumerate(places[:ROUNDS]):
            def send(client, on=on, start=start, number=number):
                return server.ask(
                    "POST", "/api/v1/appointments", booking(on, start, number * 100 + client),
                    Authorization=f"Bearer {token}", Idempotency_Key=f"race-{number:04d}-{client:04d}",
                )

            answers = list(clients.map(send, range(20)))
            found = Counter((answer.status, answer.json.get("type")) for answer in answers)
            assert found == {(201, None): 1, (409, "/problems/slot-full"): 19}, found
    assert min(ROUNDS, len(places)) == ROUNDS
    server.stop()
    whole(server)


def whole(server):
    """What is stored holds together; runs ``check_books`` on the stopped server's database."""
    db.connect(server.url or f"sqlite:///{server.folder}/daiban.db")
    try:
        check_books()
    finally:
        transaction.drop_connection()


@pytest.mark.parametrize("kills", [1])
def test_sixteen_desks_on_ten_cells_never_sell_a_seat_twice(server, kills):
    server.start()
    day = offered(server, **{"from": "09:00", "to": "14:00", "capacity": 3})
    token = server.token(f"operator-{UNIT}")
    desks = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.serving.booker", *map(str, (server.port, token, UNIT, day, n, SECONDS))],
            cwd=ROOT, stdout=subprocess.PIPE,
        )
        for n in range(DESKS)
    ]
    for _ in range(kills):
        time.sleep(SECONDS * 0.4)
        server.kill()
        server.start()
    found = [json.loads(desk.communicate(timeout=SECONDS + 2 * LONG)[0]) for desk in desks]
    answers = sum((Counter(each["answers"]) for each in found), Counter())
    odd = set(answers) - {"200", "201", "409 slot-full", "409 illegal-move", "409 still-running"}
    assert not odd and answers["201"] >= DESKS and answers["200"], answers
    left = filled(server, token, day)
    server.stop()
    whole(server)
    db.connect(server.url or f"sqlite:///{server.folder}/daiban.db")
    try:
        stored = {row["id"]: row for row in sql.rows("SELECT id, state, start_minute FROM appointment")}
        told = {key: value for each in found for key, value in each["told"].items()}
        assert len(stored) == len(told) + left, (len(stored), len(told), left)
        for key, (state, start) in told.items():
            minute = int(start[:2]) * 60 + int(start[3:])
            assert (stored[key]["state"], stored[key]["start_minute"]) == (state, minute)
        seats = sql.rows("SELECT booked, capacity FROM cell WHERE unit_code = ? AND day_on = ?", (UNIT, day))
        assert [(row["booked"], row["capacity"]) for row in seats] == [(3, 3)] * 10
    finally:
        transaction.drop_connection()


def filled(server, token, day):
    """Book every seat that is left; how many there were: never fewer than are free."""
    made = 0
    for minute in range(540, 840, 30):
        start = f"{minute // 60:02d}:{minute % 60:02d}"
        for turn in range(4):
            answer = server.ask(
                "POST", "/api/v1/appointments", booking(day, start, 90000000 + minute * 10 + turn),
                Authorization=f"Bearer {token}", Idempotency_Key=f"fill-{minute:04d}-{turn:04d}",
            )
            if answer.status != 201:
                assert answer.json["type"] == "/problems/slot-full", answer.data
                break
            made += 1
    return made
