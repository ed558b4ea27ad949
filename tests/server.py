"""A real server process for tests and benchmarks: started, asked, killed, started again."""
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
LONG = 240
"""Seconds after which something will never come: far more than any machine needs."""
PASSWORD = "sample-password"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], seconds: float = LONG) -> None:
    """Wait until ``true()`` holds: at once where it does."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "waited in vain"
        time.sleep(0.05)


class Answer:
    def __init__(self, status: int, headers: Any, data: bytes) -> None:
        self.status, self.headers, self.data = status, headers, data

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Server:
    """``python wsgi.py`` on a data folder and, where given, a PostgreSQL address."""

    host = "127.0.0.1"
    patience = 0.0
    """Seconds for which a caller who is told to come again (503) does so."""
    prelude = ""
    """What the process runs before it serves."""

    def __init__(self, folder: Path, database_url: str | None = None, **more: str) -> None:
        self.folder, self.port, self.url = folder, free_port(), database_url
        self.env = {
            key: value for key, value in os.environ.items() if not key.startswith("DAIBAN_")
        } | {
            "DAIBAN_DATA_DIR": str(folder), "DAIBAN_PORT": str(self.port),
            "DAIBAN_SAMPLE_PASSWORD": PASSWORD, "DAIBAN_LOG_LEVEL": "WARNING", **more,
        }
        if database_url:
            self.env["DAIBAN_DATABASE_URL"] = database_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = LONG) -> float:
        """Start and wait until the server answers; the seconds that took."""
        begun = time.perf_counter()
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        self.process = subprocess.Popen(
            self.command(), cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        while time.perf_counter() - begun < seconds:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}: {self.log()[-2000:]}")
            try:
                if self.ask("GET", "/healthz").status == 200:
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"the server did not answer: {self.log()[-2000:]}")

    def command(self) -> list[str]:
        if not self.prelude:
            return [sys.executable, "wsgi.py"]
        return [sys.executable, "-c", f"{self.prelude}\nfrom backend import serve\nraise SystemExit(serve.main())"]

    def log(self) -> str:
        return (self.folder.parent / f"{self.folder.name}.log").read_text()

    def kill(self) -> None:
        """SIGKILL to the parent alone: its worker must not outlive it."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = LONG) -> int:
        """SIGTERM; the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def workers(self) -> list[int]:
        """The process numbers of the workers."""
        assert self.process
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted(int(number) for task in tasks for number in task.read_text().split())

    def worker(self) -> int:
        """The process number of the first worker."""
        return self.workers()[0]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; ``headers`` use underscores for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        return self.send(method, path, data, **sent)

    def send(self, method: str, path: str, data: bytes | None, **headers: str) -> Answer:
        """One request with a body of bytes, again while there is ``patience``; ``headers`` use underscores."""
        until = time.monotonic() + self.patience
        while True:
            answer = self._sent(method, path, data, headers)
            if answer.status != 503 or path == "/readyz" or time.monotonic() > until:
                return answer
            time.sleep(0.1)

    def _sent(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(
            f"http://{self.host}:{self.port}{quote(path, safe='/?&=%')}", data=data, method=method,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        try:
            with urllib.request.urlopen(request, timeout=LONG) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    def token(self, username: str) -> str:
        """Sign in as a sample account."""
        body = {"username": username, "password": PASSWORD}
        answer = self.ask("POST", "/api/v1/sessions", body)
        assert answer.status == 201, answer.data
        return str(answer.json["token"])
