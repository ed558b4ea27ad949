"""Many set times for one agent at once, on a real server that is killed meanwhile: no minute is given twice."""
import os
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from http.client import HTTPException
from typing import Any

from backend.core import clock, db, sql, transaction
from backend.visits.rules import ticks
from tests import cast
from tests.server import Server
from tests.visits.calls import wish

ROUNDS = int(os.environ.get("DAIBAN_TEST_RACES", "5"))
CLIENTS, VISITS = 8, 12


def day() -> str:
    """A day ahead of the machine's own clock."""
    return (clock.local_date(clock.SystemClock().now()) + timedelta(days=7)).isoformat()


class Desk(threading.Thread):
    """Sets and moves times of visits until it was told often enough; everything it sends, it sends till answered."""

    def __init__(self, server: Server, token: str, number: int, agents: list[str], visits: list[str]) -> None:
        super().__init__()
        self.server, self.number, self.agents, self.visits = server, number, agents, visits
        self.token, self.random = token, random.Random(number)
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        for turn in range(ROUNDS * 2):
            body = {
                "agent_id": self.random.choice(self.agents), "travel_minutes": self.random.choice((0, 20, 40)),
                "start": f"{self.random.randrange(9, 13):02d}:{self.random.choice((0, 15, 30, 45)):02d}",
                "duration_minutes": self.random.choice((30, 45, 60)),
            }
            visit = self.random.choice(self.visits)
            key = f"desk-{self.number}-{turn:04d}"
            first = self.ask(f"/api/v1/visits/{visit}/schedule", body, key)
            if turn % 3 == 0:
                again = self.ask(f"/api/v1/visits/{visit}/schedule", body, key)
                assert again == first or first == 409, (first, again)

    def ask(self, path: str, body: Any, key: str) -> int:
        for _ in range(2000):
            try:
                answer = self.server.ask(
                    "PUT", path, body, Authorization=f"Bearer {self.token}", If_Match="*", Idempotency_Key=key
                )
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if answer.status == 503 or answer.status == 409 and b"still-running" in answer.data:
                time.sleep(0.05)
                continue
            self.statuses[answer.status] += 1
            return answer.status
        raise AssertionError("never answered")


def test_no_minute_of_an_agent_is_ever_given_twice(server):
    server.start()
    agent = server.token(cast.AGENT)
    visits = [asked(server, agent, number) for number in range(VISITS)]
    agents = [
        server.ask("GET", "/api/v1/me", Authorization=f"Bearer {server.token(name)}").json["id"]
        for name in (cast.AGENT, cast.OPERATOR)
    ]
    office = server.token(cast.OFFICE_OF_TOWNSHIP)
    desks = [Desk(server, office, number, agents, visits) for number in range(CLIENTS)]
    for desk in desks:
        desk.start()
    time.sleep(0.5)
    server.kill()
    server.start()
    for desk in desks:
        desk.join()
    assert server.stop() == 0
    statuses = sum((desk.statuses for desk in desks), Counter())
    assert set(statuses) == {200, 409} and statuses[200] >= 5, statuses
    assert "Traceback" not in server.log()
    check(server)


def asked(server: Server, token: str, number: int) -> str:
    body = wish(window={"date": day(), "from": "09:00", "to": "12:00"})
    answer = server.ask(
        "POST", "/api/v1/visits", body, Authorization=f"Bearer {token}", Idempotency_Key=f"visit-{number:04d}"
    )
    assert answer.status == 201, answer.data
    return str(answer.json["id"])


def check(server: Server) -> None:
    """Each visit with a time has exactly the ticks of that time, with its own agent."""
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        wanted = {
            (row["agent_id"], tick, row["id"])
            for row in sql.rows("SELECT * FROM visit WHERE state = 'scheduled'")
            for tick in ticks.taken(row["start_at"], row["minutes"] + row["travel_minutes"] + row["buffer_minutes"])
        }
        held = {(row["agent_id"], row["tick"], row["visit_id"]) for row in sql.rows("SELECT * FROM visit_tick")}
        assert held == wanted and len({(agent, tick) for agent, tick, _ in held}) == len(held)
    finally:
        transaction.drop_connection()
