"""``python wsgi.py``: prepare the database, print how to reach it, serve until told to stop."""
import atexit
import ctypes
import errno
import fcntl
import logging
import multiprocessing
import os
import secrets as randomness
import signal
import socket
import sys
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO, Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from backend import prepare, scheduler, schema
from backend import settings as environment
from backend.app import create_app
from backend.core import clock, db
from backend.core.problems import Unavailable
from backend.notifications.actions import channels
from backend.settings import LOOPBACK, BadSetting, Settings

LOCK_SECONDS = 10
OWNER_ONLY = 0o077
PR_SET_PDEATHSIG = 1
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8


class CannotStart(Exception):
    """Why the server does not start, in one line."""


def application() -> Any:
    """The WSGI application of this process, with its jobs, which end with the process."""
    app = create_app()
    ticking = scheduler.start(app)
    atexit.register(ticking.stop)
    Finalize(None, ticking.stop, exitpriority=1)
    return app


def main() -> int:
    """Serve with the settings of the environment; the process's exit code."""
    os.umask(OWNER_ONLY)
    try:
        settings = environment.from_environment()
        channels.use(settings)
        lock = _only_server(settings.data_dir)
        _only_listener(settings.host, settings.port)
        password = settings.sample_password or randomness.token_urlsafe(9)
        fresh = _prepare(settings, password)
    except (BadSetting, CannotStart) as refusal:
        sys.stderr.write(f"daiban: {refusal}\n")
        return 2
    sys.stdout.write(_welcome(settings, password if fresh else None))
    sys.stdout.flush()
    logging.getLogger("_granian").addFilter(lambda line: "spawning up to" not in line.getMessage())
    _server(settings).serve(target_loader=_load, wrap_loader=False)
    lock.close()
    return 0


def _server(settings: Settings) -> Server:
    return Server(
        "wsgi:app", address=settings.host, port=settings.port, interface=Interfaces.WSGI,
        workers=settings.workers, blocking_threads=settings.threads,
        blocking_threads_idle_timeout=600, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=20, log_level=LogLevels.warning,
    )


def _load() -> Any:
    """In the worker: end with the parent, or when told to while this goes on, and make the application.

    The handler that a worker has from its parent would only note the signal, and the worker serve until it is killed.
    """
    signal.signal(signal.SIGTERM, _end)
    _end_with_parent()
    _give_memory_back()
    return application()


def _end(*_: Any) -> None:
    raise SystemExit(0)


def _give_memory_back() -> None:
    """Have glibc return large blocks when they are freed: else each thread keeps the 19 MiB of its last sign-in.

    Two arenas are enough for threads that take turns at the interpreter.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_ARENA_MAX, 2)


def _end_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _only_server(data_dir: Path) -> IO[str]:
    """Hold the data folder's lock, which workers inherit: a second server is refused."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "server.lock").open("w")
    except OSError as error:
        raise CannotStart(f"the data folder {data_dir} cannot be written: {error.strerror}") from error
    for _ in range(LOCK_SECONDS * 10):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            clock.sleep(0.1)
    raise CannotStart(f"another server runs on the data folder {data_dir}")


def _only_listener(host: str, port: int) -> None:
    """Wait until nobody listens on the port: servers that share one would each answer some of the requests."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CannotStart(f"there is no address {host}: {error.strerror}") from error
    for _ in range(LOCK_SECONDS * 10):
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise CannotStart(f"{host} port {port} cannot be listened on: {error.strerror}") from error
        clock.sleep(0.1)
    raise CannotStart(f"another program listens on {host} port {port}")


def _prepare(settings: Settings, password: str) -> bool:
    """Migrate and, into an empty database, load the sample; whether it was loaded.

    Done in a child, so that what loading needs (pinyin tables) does not stay in memory.
    """
    channel = multiprocessing.get_context("fork").SimpleQueue()
    child = multiprocessing.get_context("fork").Process(target=_prepared, args=(settings, password, channel))
    child.start()
    child.join()
    told = channel.get() if not channel.empty() else "preparing the database failed"
    if isinstance(told, str):
        raise CannotStart(told)
    return bool(told)


def _prepared(settings: Settings, password: str, channel: Any) -> None:
    _end_with_parent()
    try:
        fresh, samples = prepare.run(settings, password)
        if samples and settings.host not in LOOPBACK and not settings.allow_samples:
            channel.put(
                "the database holds sample accounts; serving them beyond this machine "
                "needs DAIBAN_ALLOW_SAMPLES=yes"
            )
        else:
            channel.put(fresh)
    except Exception as error:
        logging.getLogger("daiban").debug("preparing failed", exc_info=error)
        channel.put(_why(error))


def _why(error: Exception) -> str:
    if isinstance(error, Unavailable) and error.__cause__ is not None:
        error = error.__cause__  # type: ignore[assignment]
    cause = db.cause_of(error)
    if cause is not error:
        return f"the database cannot be prepared: {cause}".splitlines()[0]
    if isinstance(error, schema.CannotUpgrade):
        return str(error)
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _welcome(settings: Settings, password: str | None) -> str:
    lines = [
        "",
        f"  Daiban 代办    {settings.public_url}",
        f"  API            {settings.public_url}/docs",
    ]
    if password:
        lines += [
            f"  Sign in        POST {settings.public_url}/api/v1/sessions",
            "                 agent-331003001001 (village), operator-331003001000, township-331003001000,",
            "                 handler-MZ, project-agent, office, supervisor, admin",
            f"                 password of all sample accounts: {password}",
        ]
    return "\n".join([*lines, "", ""])
