"""Phones in bad weather, which die now and then: nothing is lost, doubled, or comes back (issue 8).

``DAIBAN_TEST_PHONES`` is how many, ``DAIBAN_TEST_PHONE_OPERATIONS`` how much each does. While they work, an office
edits the same residents online and erases one of them.
"""
import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from typing import Any

from backend.core import db, sql, transaction
from tests.appointments.booked import check_books
from tests.server import ROOT, Server

PHONES = int(os.environ.get("DAIBAN_TEST_PHONES", "6"))
OPERATIONS = int(os.environ.get("DAIBAN_TEST_PHONE_OPERATIONS", "30"))
SEED = os.environ.get("DAIBAN_TEST_PHONE_SEED", "7")
CROWDS = min(PHONES, 4)
TEXTS = {
    "errand.note": "SELECT text, count(*) FROM errand_note GROUP BY text",
    "errand.trip": "SELECT place, count(*) FROM errand_trip GROUP BY place",
    "problem.report": "SELECT text, count(*) FROM field_problem GROUP BY text",
}
COUNTED = {"errand_note": ("errand.register", "errand.note"), "errand_trip": ("errand.trip",)}
MARKS = {"errand.note": "text", "errand.trip": "where", "problem.report": "text"}


def connected(server: Server) -> None:
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")


def agents(count: int) -> list[tuple[str, str]]:
    """Accounts of agents and where they are; several phones each where there are more phones than agents."""
    found = sql.rows("SELECT username, unit_code FROM account WHERE role = 'agent' AND disabled_at IS NULL "
                     "ORDER BY unit_code, username")
    spread = [(row["username"], row["unit_code"]) for row in found[: max(2, count * 2 // 3)]]
    return [spread[n % len(spread)] for n in range(count)]


OFFERED = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "09:00", "to": "12:00", "capacity": 2}
SEATS = {
    "grid_minutes": 30, "horizon_days": 14, "opens_at": "00:00", "roster_required": False,
    "services": [{"code": "one", "name": "一", "minutes": 30, "gap_minutes": 0}],
    "rules": [
        {"kind": "recurring"} | OFFERED,
        {"kind": "weekend_duty"} | {name: value for name, value in OFFERED.items() if name != "weekdays"},
    ],
}
"""What the centres offer, for phones to keep seats of and to promise them."""


class Office(threading.Thread):
    """The offices of the townships, online: they edit residents whom phones edit too, and one is erased."""

    def __init__(self, server: Server, townships: list[str]) -> None:
        super().__init__()
        self.server, self.chance, self.ends = server, random.Random(SEED), threading.Event()
        self.erasing = threading.Event()
        self.tokens = [server.token(f"township-{code}") for code in townships]
        self.edited, self.erased, self.fault = 0, "", None
        for code, token in zip(townships, self.tokens):
            answer = server.ask(
                "PUT", f"/api/v1/units/{code}/booking-rules", SEATS, Authorization=f"Bearer {token}", If_Match="*"
            )
            assert answer.status == 200, answer.data

    def run(self) -> None:
        try:
            while not self.ends.wait(0.05):
                self.turn()
        except BaseException as fault:
            self.fault = fault
            self.erasing.set()

    def turn(self) -> None:
        token = f"Bearer {self.chance.choice(self.tokens)}"
        answer = self.server.ask("GET", "/api/v1/residents?limit=200", Authorization=token)
        people = [each["id"] for each in answer.json["items"]] if answer.status == 200 else []
        if not people:
            return
        if not self.erased and self.edited >= 10:
            self.erase(self.chance.choice(people))
            return
        change = {"phone": f"137{self.chance.randrange(10**8):08d}", "address": f"镇上{self.edited}号"}
        answer = self.server.ask(
            "PATCH", f"/api/v1/residents/{self.chance.choice(people)}", change, Authorization=token, If_Match="*"
        )
        assert answer.status in (200, 404, 409, 503), answer.data
        self.edited += answer.status == 200

    def erase(self, resident_id: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "backend.cli", "erase-resident", resident_id, "--reason", "wish"],
            cwd=ROOT, env=self.server.env, capture_output=True, text=True, check=False,
        )
        assert done.returncode == 0, done.stderr
        self.erased = resident_id
        self.erasing.set()


def lived(server: Server, people: list[tuple[str, str]], tmp_path: Any) -> list[dict[str, Any]]:
    """What the phones know after all of them have done their work."""
    names = [f"p{n:04d}:{username}:{unit}" for n, (username, unit) in enumerate(people)]
    crowds = []
    for n in range(CROWDS):
        folder = tmp_path / f"phones{n}"
        folder.mkdir()
        crowds.append(subprocess.Popen(
            [sys.executable, "-m", "tests.phone.crowd", str(server.port), str(folder), str(OPERATIONS), f"{SEED}{n}",
             *names[n::CROWDS]], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ))
    for crowd in crowds:
        assert crowd.stdout.readline() == "finished\n"
    yield []
    phones = []
    for crowd in crowds:
        told, _ = crowd.communicate("now\n")
        assert crowd.returncode == 0
        phones += [json.loads(line) for line in told.splitlines()]
    yield phones


def test_phones_in_bad_weather_converge_and_nothing_is_lost_doubled_or_comes_back(server, tmp_path):
    connected(server)
    people = agents(PHONES)
    before = sql.value("SELECT count(*) FROM errand")
    transaction.drop_connection()
    server.start()
    office = Office(server, sorted({unit[:9] + "000" for _, unit in people}))
    office.start()
    working = lived(server, people, tmp_path)
    next(working)
    office.erasing.wait(120)
    office.ends.set()
    office.join()
    assert office.fault is None and office.edited, office.fault
    phones = next(working)
    tokens = {phone["username"]: server.token(phone["username"]) for phone in phones}
    in_lists = listed(server, office.tokens)
    connected(server)
    try:
        check(phones, before, office)
        check_lists(phones, in_lists, server, tokens)
    finally:
        transaction.drop_connection()
    assert server.stop() == 0


def listed(server: Server, tokens: list[str]) -> dict[str, list[dict[str, Any]]]:
    """All that the townships see in their two lists."""
    found: dict[str, list[dict[str, Any]]] = {"conflicts": [], "inbox": []}
    for name, items in found.items():
        for token in tokens:
            cursor = ""
            while cursor is not None:
                path = f"/api/v1/sync/{name}?state=all&limit=200" + (f"&cursor={cursor}" if cursor else "")
                answer = server.ask("GET", path, Authorization=f"Bearer {token}")
                assert answer.status == 200, answer.data
                items += answer.json["items"]
                cursor = answer.json["next_cursor"]
    return found


def check(phones: list[dict[str, Any]], before: int, office: Office) -> None:
    """What the phones were told is what is stored, exactly once; what they hold is what they should."""
    done = [(phone, each) for phone in phones for each in phone["operations"]]
    assert len(done) == sum(max(each["n"] for each in phone["operations"]) for phone in phones)
    assert Counter(each["status"] is None for _, each in done) == {False: len(done)}
    stored = {(row["device_id"], row["n"]): row for row in sql.plain(
        "SELECT device_id, n, mutation_id, status FROM sync_result"
    )}
    told = {(phone["device_id"], each["n"]): (each["id"], each["status"]) for phone, each in done}
    assert {key: (row["mutation_id"], row["status"]) for key, row in stored.items()} == told
    applied = [(phone, each) for phone, each in done if each["status"] != "rejected"]
    made = {each["entity_id"] for _, each in applied if each["type"] == "errand.register"}
    assert {row["id"] for row in sql.plain("SELECT id FROM errand")} >= made
    assert sql.value("SELECT count(*) FROM errand") == before + len(made)
    erased = {row["id"] for row in sql.plain("SELECT id FROM errand WHERE resident_id = ?", (office.erased,))}
    for operation, text in TEXTS.items():
        counts = dict(sql.execute(text).fetchall())
        told_of = [each for _, each in done if each["type"] == operation and each["entity_id"] not in erased]
        marks = [each["body"]["set"].get(MARKS[operation]) for each in told_of]
        kept = {each["body"]["set"][MARKS[operation]] for each in told_of if each["status"] != "rejected"}
        assert {mark: counts.get(mark, 0) for mark in marks} == {mark: int(mark in kept) for mark in marks}
    for table, operations in COUNTED.items():
        counts = dict(sql.execute(f"SELECT errand_id, count(*) FROM {table} GROUP BY errand_id").fetchall())
        kept_of = Counter(each["entity_id"] for _, each in applied if each["type"] in operations)
        assert {case: counts.get(case, 0) for case in made} == {case: kept_of[case] for case in made}
    promised = {each["entity_id"] for _, each in applied if each["type"] == "appointment.book"}
    assert {row["id"] for row in sql.plain("SELECT id FROM appointment WHERE made_by IS NOT NULL")} >= promised
    check_books()
    there = {row["id"] for row in sql.plain("SELECT id FROM file")}
    photos = [photo for phone in phones for photo in phone["photos"]]
    assert all(state == "kept" and key in there for key, state in photos)
    assert [phone["differing"] for phone in phones] == [[]] * len(phones)
    assert office.erased and not any(office.erased in phone["residents"] for phone in phones)
    assert sum(phone["deaths"] + phone["faults"] for phone in phones)


def check_lists(phones: list[dict[str, Any]], in_lists: Any, server: Server, tokens: dict[str, str]) -> None:
    """Every conflict and everything refused is in a person's list; who has a wrong clock is marked."""
    told = Counter(each["status"] for phone in phones for each in phone["operations"])
    assert len(in_lists["inbox"]) == told["rejected"]
    assert len({each["id"] for each in in_lists["conflicts"]}) == told["conflict"]
    for phone in phones:
        answer = server.ask(
            "GET", f"/api/v1/sync/devices/{phone['device_id']}", Authorization=f"Bearer {tokens[phone['username']]}"
        )
        assert answer.json["skewed"] or not phone["skewed"]
        assert answer.json["outbox_size"] is not None
