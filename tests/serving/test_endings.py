"""Draining, other WSGI servers, other addresses, memory, and what a quiet log holds."""
import io
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from backend.core import db, jobs, sql, transaction
from tests import cast
from tests.server import LONG, ROOT, Server, until

OTHER_SERVER = """
from werkzeug.serving import make_server
from wsgi import app
server = make_server("127.0.0.1", {port}, app, threaded=True)
print("serving", flush=True)
server.serve_forever()
"""


def register(server, token, key):
    return server.ask(
        "POST", "/api/v1/errands", cast.errand(), Authorization=f"Bearer {token}", Idempotency_Key=key,
    )


def lease_left(server):
    """Seconds, on the database of a stopped server."""
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        return jobs.lease_age()
    finally:
        transaction.drop_connection()


def test_sigterm_under_load_answers_what_was_begun_and_ends_with_0(server):
    server.start()
    token = server.token(cast.AGENT)
    broken, answered = [], []

    def load(number):
        for serial in range(1000):
            try:
                answer = register(server, token, f"drain-{number}-{serial:05d}")
            except ConnectionRefusedError:
                return
            except OSError as error:
                if "refused" in str(error):
                    return
                broken.append(error)
                return
            answered.append(answer.status)

    crowd = [threading.Thread(target=load, args=(number,)) for number in range(4)]
    [one.start() for one in crowd]
    until(lambda: len(answered) >= 8)
    asked = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - asked < 20, "a worker that does not end within 20 s is killed"
    [one.join() for one in crowd]
    assert set(answered) == {201} and len(broken) <= len(crowd)
    assert "Traceback" not in server.log()
    assert lease_left(server) < 0, "given back, so the next process need not wait: the worker came to its own end"


@pytest.mark.one_engine
def test_another_wsgi_server_serves_the_application_with_its_jobs(server):
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_SERVER.format(port=server.port)], cwd=ROOT, env=server.env,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout and process.stdout.readline() == b"serving\n"
        token = server.token(cast.AGENT)
        assert register(server, token, "other-0001").status == 201
        until(lambda: server.ask("GET", "/readyz").status == 200)
    finally:
        process.terminate()
        process.communicate(timeout=LONG)


@pytest.mark.one_engine
def test_an_ipv6_address_is_served(server):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    server.host, server.env["DAIBAN_HOST"] = "[::1]", "::1"
    server.start()
    assert server.token(cast.AGENT)
    assert f"http://[::1]:{server.port}" in server.log()
    assert server.stop() == 0


def all_jobs_ran(server):
    """Wait until the timetable's last job has run, then forget it all, so that the next tick does everything again."""
    def last():
        return sql.value("SELECT count(*) FROM job_run WHERE job = 'send-notices'")

    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        until(last)
        sql.run("DELETE FROM job_run")
    finally:
        transaction.drop_connection()


def test_a_start_is_one_welcome_and_work_is_no_line(server):
    del server.env["DAIBAN_LOG_LEVEL"]
    server.prelude = "from backend import scheduler; scheduler.TICK_SECONDS = 1"
    """Ten times as often as in truth: so a tick may find the one before still at work, which is told."""
    server.start()
    token = server.token(cast.AGENT)
    assert register(server, token, "quiet-0001").status == 201
    assert server.ask("GET", "/api/v1/units/331003009999").status == 404
    for _ in range(2):
        all_jobs_ran(server)
    assert server.stop() == 0
    overtaken = "maximum number of running instances reached"
    lines = [line for line in server.log().splitlines() if line.strip() and overtaken not in line]
    assert len(lines) == 2, lines


def resident_bytes(process):
    with Path(f"/proc/{process}/statm").open() as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.one_engine
def test_a_worker_stays_small_under_work(server):
    server.start()
    token = server.token(cast.AGENT)
    picture = io.BytesIO()
    Image.new("RGB", (2000, 1500), "white").save(picture, "JPEG")
    crowd = [threading.Thread(target=work, args=(server, token, number, picture.getvalue())) for number in range(8)]
    [one.start() for one in crowd]
    [one.join() for one in crowd]
    assert resident_bytes(server.worker()) < 120 << 20, resident_bytes(server.worker()) >> 20
    assert server.stop() == 0


def work(server: Server, token: str, number: int, picture: bytes) -> None:
    """Some sixty requests of every kind."""
    own = {"Authorization": f"Bearer {token}"}
    for serial in range(20):
        assert register(server, token, f"work-{number}-{serial:04d}").status == 201
        for path in ("/errands", "/units?q=bh", "/items?q=救助"):
            assert server.ask("GET", f"/api/v1{path}", **own).status == 200
    server.token(cast.AGENT)
    server.send("POST", "/api/v1/files", picture, Content_Type="image/jpeg", Idempotency_Key=f"picture-{number}", **own)
