"""Photos over a bad line: answers lost, parts sent twice, two senders at once, the server killed; each is one file."""
import hashlib
import os
import random
import threading
import time
from http.client import HTTPException
from types import SimpleNamespace
from typing import Any

from backend.core import db, sql, transaction
from tests import cast
from tests.files.phones import Uploading
from tests.server import Server

KILLS = int(os.environ.get("DAIBAN_TEST_KILLS", "1"))
PHONES = 3 * KILLS
CHUNK = 64 << 10
PATIENCE = 120


class BadLine:
    """A caller (see tests.cast) whose requests or answers get lost, or arrive twice."""

    def __init__(self, server: Server, token: str, seed: int) -> None:
        self.server, self.token, self.chance = server, token, random.Random(seed)

    def _send(self, method: str, path: str, *, headers: dict[str, str], data: bytes | None = None) -> Any:
        if self.chance.random() < 0.1:
            raise OSError("lost on the way")
        more = headers | {"Authorization": f"Bearer {self.token}"}
        for _ in range(2 if self.chance.random() < 0.15 else 1):
            answer = self.server.send(method, f"/api/v1{path}", data, **more)
        if self.chance.random() < 0.15:
            raise OSError("the answer was lost")
        return SimpleNamespace(status_code=answer.status, headers=answer.headers, data=answer.data)


def paper(serial: int, good: bool) -> bytes:
    """A PDF of some parts; a bad one lacks its end."""
    body = random.Random(serial).randbytes(3 * CHUNK + 1000)
    return b"%PDF-1.4\n" + body + (b"\n%%EOF\n" if good else b"")


def insist(phone: Uploading, told: list[int], calm: threading.Event) -> None:
    """Begin and go on until the server has said how it ends; give up long after it was killed for the last time."""
    until = float("inf")
    while time.monotonic() < until:
        if calm.is_set():
            until = min(until, time.monotonic() + PATIENCE)
        try:
            answer = phone.head()
            if answer.status_code == 404:
                answer = phone.begin()
            if answer.status_code in (200, 201):
                answer = phone.rest(CHUNK)
        except (OSError, HTTPException):
            time.sleep(0.02)
            continue
        if answer.status_code in (200, 204, 415, 422):
            told.append(answer.status_code)
            return
        assert answer.status_code in (409, 503), answer.data
    raise AssertionError(f"{phone.id} came to no end")


def test_each_file_arrives_once_whatever_gets_lost(server):
    server.start()
    token = server.token(cast.AGENT)
    files = [paper(serial, good=serial % 3 != 2) for serial in range(PHONES)]
    told: list[list[int]] = [[] for _ in files]
    phones, threads, calm = [], [], threading.Event()
    for serial, data in enumerate(files):
        first = Uploading(BadLine(server, token, serial), data)
        second = Uploading(BadLine(server, token, -serial - 1), data, first.id)
        phones.append(first)
        threads += [threading.Thread(target=insist, args=(each, told[serial], calm)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.05, 0.5))
        server.kill()
        server.start()
    calm.set()
    for thread in threads:
        thread.join()
    for serial, answers in enumerate(told):
        assert len(answers) == 2 and all((answer < 300) == (serial % 3 != 2) for answer in answers), told
    assert server.stop() == 0
    check(server, phones)


def check(server: Server, phones: list[Uploading]) -> None:
    """The whole ones are files under their phones' ids, once; of the others nothing is left but that they were bad."""
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        kept = {row["id"]: row["sha256"] for row in sql.rows("SELECT id, sha256 FROM file")}
        good = [phone for serial, phone in enumerate(phones) if serial % 3 != 2]
        assert kept == {phone.id: hashlib.sha256(phone.data).hexdigest() for phone in good}
        assert sql.value("SELECT count(*) FROM upload WHERE state = 'refused'") == len(phones) - len(good)
        assert sql.value("SELECT count(*) FROM upload_chunk") == 0
        text = "SELECT action, count(*) AS n FROM ledger_entry WHERE action LIKE 'file.%' GROUP BY action"
        taken = {row["action"]: row["n"] for row in sql.rows(text)}
        assert taken == {"file.take": len(good), "file.refuse": len(phones) - len(good)}
    finally:
        transaction.drop_connection()
