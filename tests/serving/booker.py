"""One of many callers' desks, as a process: books, moves, cancels; repeats what got no answer; tells what it was told.

    python -m tests.serving.booker PORT TOKEN UNIT DATE NUMBER SECONDS

Its last line is JSON: how often which answer came, and for each appointment that was acknowledged the last state
and start that it was told.
"""
import http.client
import json
import random
import sys
import time
from typing import Any

SERVICES = {"one": 1, "two": 2, "three": 3}
FIRST, STEP, CELLS = 540, 30, 10
LONG = 240
"""Seconds until an answer, or until the server is there again, at most."""
LEAST = 12
"""So many acts are done however slow the machine is."""


class Desk:
    def __init__(self, port: int, token: str, unit: str, day: str, number: int) -> None:
        self.port, self.token, self.unit, self.day, self.number = port, token, unit, day, number
        self.chance = random.Random(number)
        self.connection: http.client.HTTPConnection | None = None
        self.sent = 0
        self.answers: dict[str, int] = {}
        self.told: dict[str, tuple[str, str]] = {}

    def send(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One call, with one key however often it has to be repeated."""
        self.sent += 1
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "If-Match": "*",
            "Idempotency-Key": f"desk-{self.number:03d}-{self.sent:06d}",
        }
        until = time.monotonic() + LONG
        while True:
            try:
                status, answer = self.once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self.connection = None
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
                continue
            if status == 503 or (status == 409 and answer["type"].endswith("still-running")):
                time.sleep(0.05)
                self.count(status, answer)
                continue
            self.count(status, answer)
            return status, answer

    def once(self, method: str, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        self.connection.request(method, f"/api/v1{path}", json.dumps(body), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def count(self, status: int, answer: dict[str, Any]) -> None:
        name = str(status) if status < 400 else f"{status} {answer['type'].rpartition('/')[2]}"
        self.answers[name] = self.answers.get(name, 0) + 1

    def start(self, service: str) -> str:
        minute = FIRST + STEP * self.chance.randrange(CELLS - SERVICES[service] + 1)
        return f"{minute // 60:02d}:{minute % 60:02d}"

    def act(self) -> None:
        own = [each for each, (state, _) in self.told.items() if state == "booked"]
        turn = self.chance.random()
        if own and turn < 0.3:
            self.change(self.chance.choice(own), "cancellation", {})
        elif own and turn < 0.5:
            self.change(self.chance.choice(own), "rescheduling", {"date": self.day, "start": self.start("three")})
        else:
            self.book()

    def book(self) -> None:
        service = self.chance.choice(list(SERVICES))
        status, answer = self.send("POST", "/appointments", {
            "unit_code": self.unit, "date": self.day, "start": self.start(service), "service": service,
            "channel": "phone",
            "person": {"name": "王桂香", "phone": f"13{self.number:03d}{self.sent:06d}"},
        })
        if status == 201:
            self.told[answer["id"]] = (answer["state"], answer["start"])

    def change(self, appointment: str, noun: str, body: dict[str, Any]) -> None:
        status, answer = self.send("PUT", f"/appointments/{appointment}/{noun}", body)
        if status == 200:
            self.told[appointment] = (answer["state"], answer["start"])


def main() -> None:
    port, token, unit, day, number, seconds = sys.argv[1:]
    desk = Desk(int(port), token, unit, day, int(number))
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until or desk.sent < LEAST:
        desk.act()
    sys.stdout.write(json.dumps({"answers": desk.answers, "told": desk.told}))


if __name__ == "__main__":
    main()
