"""Eight clients at once on a real server: afterwards rows, sums, numbers and ledger agree."""
import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from typing import Any

from backend.core import db, sql, transaction
from tests import cast
from tests.server import ROOT, Server

SECONDS = float(os.environ.get("DAIBAN_TEST_SECONDS", "4"))
LEAST = 20
"""So many acts are done by each client however slow the machine is."""
AGENTS = [cast.AGENT, cast.NEIGHBOUR_AGENT, "agent-331003001003", "agent-331003001004"]
REFERRAL = {"where": "临海市民政局", "phone": "85111111", "bring": []}
STEPS: list[tuple[str, str, Any]] = [
    ("PUT", "acceptance", None), ("PUT", "completion", {"outcome": "granted", "result": "已办"}),
    ("PUT", "delivery", {"method": "brought", "received_by": "本人"}), ("PUT", "closing", None),
    ("PUT", "withdrawal", {}), ("PUT", "declination", {"reason": "不符", "referral": REFERRAL}),
    ("PUT", "mandate", {"given_by": "voice", "expires_on": "2199-12-31"}),
    ("POST", "trips", {"made_on": "2026-02-12", "where": "乡镇"}), ("POST", "notes", {"text": "联系"}),
    ("POST", "payments", {"amount_fen": 500}),
]
ACTIONS = {"acceptance": "accept", "completion": "complete", "delivery": "deliver", "closing": "close",
           "withdrawal": "withdraw", "declination": "decline", "mandate": "mandate", "trips": "trip",
           "notes": "note", "payments": "pay", "errands": "register"}
PHONES, NAMES = [f"1390576{n:04d}" for n in range(40)], ["王桂香", "李秀英", "陈阿大", "周小妹"]
PAPERS = ["申领登记表", "身份证", "照片"]


class Client(threading.Thread):
    """One phone: registers, then does whatever to errands that it or another of its unit made."""

    _numbers = itertools.count()

    def __init__(self, server: Server, username: str, shared: list[str], until: float) -> None:
        super().__init__()
        self.server, self.shared, self.until = server, shared, until
        self.token, self.keys = server.token(username), itertools.count()
        self.name, self.random = f"{username}-{next(self._numbers)}", random.Random(username)
        self.papers: list[dict[str, Any]] = []
        self.statuses: Counter[int] = Counter()
        self.told: Counter[tuple[str, str]] = Counter()
        self.bad: list[Any] = []

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        key = key or f"{self.name}-{next(self.keys):06d}"
        answer = self.server.ask(
            method, f"/api/v1{path}", body, Authorization=f"Bearer {self.token}", If_Match="*",
            Idempotency_Key=key,
        )
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            self.bad.append((method, path, answer.data))
        return answer

    def run(self) -> None:
        acts = itertools.count()
        while time.monotonic() < self.until or next(acts) < LEAST:
            if not self.shared or self.random.random() < 0.25:
                self.register()
            else:
                self.step(self.random.choice(self.shared[-6:]))

    def register(self) -> None:
        number = self.random.randrange(40)
        body = cast.errand(
            item_code="RS-005", materials=self.papers,
            resident={"name": self.random.choice(NAMES), "id_number": cast.id_number(number + 1),
                      "phone": PHONES[number]},
        )
        key = f"{self.name}-{next(self.keys):06d}"
        answers = [self.ask("POST", "/errands", body, key) for _ in range(self.random.choice((1, 1, 2)))]
        assert {answer.status for answer in answers} == {201}, answers[-1].data
        assert len({answer.json["id"] for answer in answers}) == 1
        self.shared.append(answers[0].json["id"])
        self.told[answers[0].json["id"], "register"] += 1

    def step(self, errand_id: str) -> None:
        method, noun, body = self.random.choice(STEPS)
        answer = self.ask(method, f"/errands/{errand_id}/{noun}", body)
        if answer.status in (200, 201):
            self.told[errand_id, ACTIONS[noun]] += 1
        self.ask("GET", self.random.choice(["/errands", f"/errands/{errand_id}", "/errands?q=wang"]))


def test_eight_clients_leave_rows_sums_numbers_and_ledger_in_agreement(server):
    server.start()
    papers = [{"name": paper["name"], "received": True}
              for paper in server.ask("GET", "/api/v1/items/RS-005").json["materials"]]
    until = time.monotonic() + SECONDS
    units: dict[str, list[str]] = {name: [] for name in AGENTS}
    clients = [Client(server, name, units[name], until) for name in AGENTS * 2]
    for client in clients:
        client.papers = papers
        client.start()
    for client in clients:
        client.join()
    assert server.stop() == 0
    assert [bad for client in clients for bad in client.bad] == []
    statuses = sum((client.statuses for client in clients), Counter())
    assert set(statuses) <= {200, 201, 409}, statuses
    assert statuses[201] > 20 and statuses[200] > 20
    assert "Traceback" not in server.log()
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        check_rows()
        check_ledger(sum((client.told for client in clients), Counter()))
    finally:
        transaction.drop_connection()
    verified = subprocess.run(
        [sys.executable, "-m", "backend.cli", "verify"], cwd=ROOT, env=server.env, capture_output=True,
        text=True, check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def check_rows() -> None:
    """Numbers have no gap and no twin; what is counted on the errand is what its rows say."""
    serials = defaultdict(list)
    for row in sql.rows("SELECT number, unit_code FROM errand"):
        tail, day, serial, _ = row["number"].split("-")
        assert tail == row["unit_code"][6:]
        serials[tail, day].append(int(serial))
    for found in serials.values():
        assert sorted(found) == list(range(1, len(found) + 1))
    assert sql.rows("""
        SELECT e.id FROM errand e WHERE e.trips <> (SELECT count(*) FROM errand_trip t WHERE t.errand_id = e.id)
        OR e.paid_fen <> (SELECT COALESCE(sum(amount_fen), 0) FROM errand_payment p WHERE p.errand_id = e.id)
        OR e.paid_fen > 1600 OR e.version < 1
    """) == []
    assert sql.value("SELECT count(*) - count(DISTINCT receipt_number) FROM errand_payment") == 0
    assert sql.value("SELECT count(*) FROM resident") <= 40
    assert sql.value("SELECT count(*) FROM idempotency_key WHERE ref IS NULL") == 0


def check_ledger(told: "Counter[tuple[str, str]]") -> None:
    """Every act that was acknowledged is in the ledger, and nothing else; each version is one act."""
    entries = Counter(
        (row["subject_id"], row["action"].removeprefix("errand."))
        for row in sql.rows("SELECT subject_id, action FROM ledger_entry WHERE subject_type = 'errand'")
    )
    assert entries == told
    for row in sql.rows("SELECT id, version, state FROM errand"):
        acts = [verb for (errand_id, verb), times in entries.items() for _ in range(times)
                if errand_id == row["id"] and verb != "note"]
        assert row["version"] == len(acts)
