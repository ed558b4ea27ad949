"""A SQLite file that fails: 503 with Retry-After, nothing half-written, well again without a restart."""
import resource
from pathlib import Path

import apsw
import pytest

from backend.core import db, sql, transaction, turns, writer
from tests import cast
from tests.serving import failing
from tests.serving.test_failing_database import counts


@pytest.fixture
def file(engine, district):
    if engine != "sqlite":
        pytest.skip("of SQLite")
    return Path(district.removeprefix("sqlite:///"))


@pytest.fixture
def errand_id(agent):
    return failing.register(agent, "before-0001").json["id"]


def test_a_full_file(file, agent, errand_id):
    before = counts()
    with writer.writer.joined():
        sql.execute(f"PRAGMA max_page_count = {sql.value('PRAGMA page_count')}")

    answers = [agent.post("/errands", cast.errand(), key=f"full-{number:04d}") for number in range(60)]
    assert {answer.status_code for answer in answers} <= {201, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    for answer in refused:
        failing.is_unavailable(answer)
    assert counts()[0] == before[0] + len(answers) - len(refused)
    failing.is_well(agent, "full-after")


def test_a_file_that_another_process_holds(file, agent, errand_id, monkeypatch):
    before = counts()
    monkeypatch.setattr(db.database.obj, "_timeout", 0.1)
    monkeypatch.setattr(turns, "BUSY_SECONDS", 0.1)
    transaction.drop_connection()
    writer.writer.close()
    other = apsw.Connection(str(file))
    other.execute("BEGIN IMMEDIATE")
    for answer in failing.writes(agent, errand_id):
        failing.is_unavailable(answer)
    for answer in failing.reads(agent, errand_id):
        assert answer.status_code < 500
    other.execute("ROLLBACK")
    other.close()
    assert counts() == before
    failing.is_well(agent, "failing-0001")


def test_a_file_that_may_only_be_read(file, agent, errand_id):
    before = counts()
    with writer.writer.joined():
        sql.execute("PRAGMA query_only = 1")
    failing.is_unavailable(failing.register(agent, "readonly-0001"))
    assert counts() == before
    failing.is_well(agent, "readonly-0001")


@pytest.mark.parametrize("begin", [0, 4096])
def test_a_spoilt_file(begin, file, agent, errand_id):
    before = counts()
    sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    transaction.drop_connection()
    writer.writer.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:begin] + b"spoilt! " * ((len(whole) - begin) // 8))
    for answer in (*failing.reads(agent, errand_id), *failing.writes(agent, errand_id)):
        failing.is_unavailable(answer)
    assert agent.client.get("/readyz").json["missing"] == ["database"]
    transaction.drop_connection()
    for path in file.parent.glob(f"{file.name}-*"):
        path.unlink()
    file.write_bytes(whole)
    assert counts() == before
    failing.is_well(agent, "failing-0001")


def test_a_disk_that_takes_no_more_from_a_serving_process(engine, server):
    if engine != "sqlite":
        pytest.skip("of SQLite")
    server.start()
    token = server.token(cast.AGENT)
    server.patience = 0

    def register(key):
        return server.ask(
            "POST", "/api/v1/errands", cast.errand(), Authorization=f"Bearer {token}", Idempotency_Key=key,
        )

    assert register("disk-0001").status == 201
    resource.prlimit(server.worker(), resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
    for _ in range(5):
        refused = register("disk-0002")
        assert refused.status == 503 and refused.headers["Retry-After"]
    assert server.ask("GET", "/api/v1/errands", Authorization=f"Bearer {token}").status == 200
    resource.prlimit(server.worker(), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert register("disk-0002").status == 201
    assert server.stop() == 0
