"""Starting, refusing to start, stopping: what an operator meets."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import cast
from tests.server import ROOT, Server


def start(**env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DAIBAN_")}
    return subprocess.run(
        [sys.executable, "wsgi.py"], cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("env", "named"), [
    ({"DAIBAN_PORT": "99999"}, "DAIBAN_PORT"),
    ({"DAIBAN_DATABASE_URL": "mysql://x"}, "DAIBAN_DATABASE_URL"),
    ({"DAIBAN_WORKERS": "4"}, "DAIBAN_WORKERS"),
    ({"DAIBAN_SAMPLE": "paris"}, "DAIBAN_SAMPLE"),
    ({"DAIBAN_SAMPLE_PASSWORD": "short"}, "DAIBAN_SAMPLE_PASSWORD"),
    ({"DAIBAN_PUBLIC_URL": "ftp://x"}, "DAIBAN_PUBLIC_URL"),
    ({"DAIBAN_LOG_LEVEL": "LOUD"}, "DAIBAN_LOG_LEVEL"),
    ({"DAIBAN_DATA_DIR": "/proc/nowhere"}, "/proc/nowhere"),
])
def test_a_bad_setting_stops_the_start_with_one_clear_line(env, named, tmp_path):
    ended = start(**{"DAIBAN_DATA_DIR": str(tmp_path)} | env)
    assert ended.returncode == 2
    assert named in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_first_start_makes_the_district_and_prints_how_to_sign_in(tmp_path):
    server = Server(tmp_path / "data")
    server.folder.mkdir()
    try:
        server.start()
        told = server.log()
        for line in (f"http://127.0.0.1:{server.port}", "/docs", "agent-331003001001", "sample-password"):
            assert line in told
        for name in ("keys.json", "daiban.db"):
            assert (server.folder / name).stat().st_mode & 0o777 == 0o600
        assert server.ask("GET", "/api/v1/units/331003000000").json["name"] == "黄岩区"
        assert server.token("admin")
        deadline = time.monotonic() + 30
        while server.ask("GET", "/readyz").status != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert server.ask("GET", "/readyz").status == 200
        assert server.stop() == 0
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def test_an_existing_database_starts_and_drains_on_sigterm(server):
    assert server.start() < 10
    assert server.token(cast.AGENT)
    assert server.stop() == 0


def test_a_second_server_on_the_same_folder_is_refused(server):
    server.start()
    ended = start(**{key: value for key, value in server.env.items() if key.startswith("DAIBAN_")})
    assert ended.returncode == 2
    assert "another server" in ended.stderr


def test_a_second_server_on_the_same_port_is_refused(server, tmp_path):
    server.start()
    given = {key: value for key, value in server.env.items() if key.startswith("DAIBAN_")}
    ended = start(**given | {"DAIBAN_DATA_DIR": str(tmp_path / "elsewhere")})
    assert ended.returncode == 2
    assert "another program listens" in ended.stderr


def test_a_worker_ends_with_its_parent(server):
    server.start()
    worker = server.worker()
    server.kill()
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists() or "State:\tZ" in Path(f"/proc/{worker}/status").read_text():
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    raise AssertionError("the worker outlived its parent")


def test_sample_accounts_are_not_served_beyond_this_machine(server):
    server.env["DAIBAN_HOST"] = "0.0.0.0"
    ended = start(**{key: value for key, value in server.env.items() if key.startswith("DAIBAN_")})
    assert ended.returncode == 2
    assert "DAIBAN_ALLOW_SAMPLES" in ended.stderr
