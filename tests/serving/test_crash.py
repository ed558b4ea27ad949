"""Acknowledged means durable: the server is killed under retrying clients, nothing is lost or doubled."""
import os
import queue
import random
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from typing import Any

from backend.core import db, sql, transaction
from tests import cast
from tests.server import ROOT, Server

KILLS = int(os.environ.get("DAIBAN_TEST_KILLS", "2"))
POSTS = 34 * KILLS
CLIENTS = 6


def posting(server: Server, token: str, waiting: "queue.Queue[int]", told: dict[int, Any]) -> None:
    """Send each errand with its own key until the server acknowledges it."""
    while True:
        try:
            serial = waiting.get_nowait()
        except queue.Empty:
            return
        body = cast.errand(resident={
            "name": "王桂香", "id_number": cast.id_number(serial % 999 + 1), "phone": "13805761234",
        })
        for _ in range(20_000):
            try:
                answer = server.ask(
                    "POST", "/api/v1/errands", body, Authorization=f"Bearer {token}",
                    Idempotency_Key=f"crash-{serial:06d}",
                )
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if answer.status == 201:
                told[serial] = (answer.json["id"], answer.headers["Ledger-Receipt"])
                break
            assert answer.status in (409, 503), answer.data
            time.sleep(0.05)


def test_what_was_acknowledged_is_there_once_after_every_kill(server):
    server.start()
    token = server.token(cast.AGENT)
    waiting: queue.Queue[int] = queue.Queue()
    for serial in range(POSTS):
        waiting.put(serial)
    told: dict[int, Any] = {}
    clients = [
        threading.Thread(target=posting, args=(server, token, waiting, told)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.05, 0.3))
        server.kill()
        server.start()
    for client in clients:
        client.join()
    assert server.stop() == 0
    assert len(told) == POSTS
    check(server, told)


def check(server: Server, told: dict[int, Any]) -> None:
    """Exactly the acknowledged errands are there, and the ledger is whole up to every receipt."""
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        present = sorted(row["id"] for row in sql.rows("SELECT id FROM errand"))
        assert present == sorted(errand_id for errand_id, _ in told.values())
        numbers = sql.value("SELECT count(DISTINCT number) FROM errand")
        assert numbers == len(present)
    finally:
        transaction.drop_connection()
    last = max((receipt for _, receipt in told.values()), key=lambda receipt: int(receipt.split(".")[0]))
    verified = subprocess.run(
        [sys.executable, "-m", "backend.cli", "verify", "--receipt", last],
        cwd=ROOT, env=server.env, capture_output=True, text=True, check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
