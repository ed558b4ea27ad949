"""Starting, refusing to start, stopping: what an operator meets."""
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import serve
from backend.notifications.actions import channels
from backend.settings import Settings
from tests import cast
from tests.server import LONG, ROOT, Server, until

HURRIED = "from backend import serve; serve.LOCK_SECONDS = 1"


def start(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DAIBAN_")}
    return subprocess.run(
        [sys.executable, "wsgi.py", *words], cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=LONG,
        check=False,
    )


def test_words_after_it_are_a_command_and_start_no_server() -> None:
    """``python wsgi.py verify`` served, silently, and so did a mistyped one."""
    done = start("verfiy")
    assert (done.returncode, done.stdout) == (2, "") and "verfiy" in done.stderr


def refused(server: Server, **env: str) -> str:
    """What a further server on the same settings, which soon gives up waiting for them, says."""
    server.prelude = HURRIED
    ended = subprocess.run(
        server.command(), cwd=ROOT, env=server.env | env, capture_output=True, text=True, timeout=LONG, check=False,
    )
    assert ended.returncode == 2
    return ended.stderr


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What a start sets for its whole process is as before afterwards."""
    for name in [name for name in os.environ if name.startswith("DAIBAN_")]:
        monkeypatch.delenv(name)
    umask = os.umask(0o077)
    yield
    os.umask(umask)
    channels.use(Settings(tmp_path, "sqlite:///none"))


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
def test_a_bad_setting_stops_the_start_with_one_clear_line(env, named, here, monkeypatch, tmp_path, capsys):
    for name, value in ({"DAIBAN_DATA_DIR": str(tmp_path)} | env).items():
        monkeypatch.setenv(name, value)
    assert serve.main() == 2
    said = capsys.readouterr()
    assert named in said.err and said.out == ""
    assert len(said.err.strip().splitlines()) == 1


def test_a_bad_setting_is_the_programs_exit_code_and_its_only_line(tmp_path):
    ended = start(DAIBAN_DATA_DIR=str(tmp_path), DAIBAN_PORT="99999")
    assert ended.returncode == 2
    assert "DAIBAN_PORT" in ended.stderr
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
        until(lambda: server.ask("GET", "/readyz").status == 200)
        assert server.stop() == 0
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


@pytest.mark.one_engine
def test_an_existing_database_starts_and_drains_on_sigterm(server):
    server.start()
    assert server.token(cast.AGENT)
    assert server.stop() == 0


@pytest.mark.one_engine
def test_a_second_server_on_the_same_folder_or_port_is_refused_and_a_worker_ends_with_its_parent(server, tmp_path):
    server.start()
    assert "another server" in refused(server)
    assert "another program listens" in refused(server, DAIBAN_DATA_DIR=str(tmp_path / "elsewhere"))
    worker = server.worker()
    server.kill()
    try:
        until(lambda: not is_running(worker))
    except AssertionError:
        os.kill(worker, signal.SIGKILL)
        raise


def is_running(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.one_engine
def test_sample_accounts_are_not_served_beyond_this_machine(server):
    server.env["DAIBAN_HOST"] = "0.0.0.0"
    ended = start(**{key: value for key, value in server.env.items() if key.startswith("DAIBAN_")})
    assert ended.returncode == 2
    assert "DAIBAN_ALLOW_SAMPLES" in ended.stderr
