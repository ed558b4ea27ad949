"""Bringing a database to the present schema, and telling whether it is there."""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from backend.core import clock, db, sql
from backend.core.transaction import drop_connection

FOLDER = Path(__file__).parent / "migrations"
WAIT_SECONDS = 120
LOCK = 0x64616962616E


class CannotUpgrade(ValueError):
    """Why this database is left as it is, in one line."""


def _runner() -> Runner:
    return Runner(db.database.obj, directory=str(FOLDER))


def upgrade(target: str | None = None) -> list[str]:
    """Apply what is pending (up to ``target``), each in a transaction; the names of those applied.

    CannotUpgrade where the database is newer than this version, or another process keeps at it.
    """
    with alone():
        newer = unknown()
        if newer:
            raise CannotUpgrade(
                f"the database belongs to a newer version of Daiban (it has seen {newer[-1]}): "
                "install that version, or restore a backup made before"
            )
        return list(_runner().up(target))


@contextmanager
def alone() -> Iterator[None]:
    """Keep other processes from preparing the same PostgreSQL database meanwhile; no time limit inside.

    On SQLite the lock of the data folder does it.
    """
    if db.is_sqlite():
        yield
        return
    for _ in range(WAIT_SECONDS * 10):
        if sql.value("SELECT pg_try_advisory_lock(?)", (LOCK,)):
            break
        clock.sleep(0.1)
    else:
        raise CannotUpgrade("another process is preparing this database")
    sql.execute("SET statement_timeout = 0")
    try:
        yield
    except BaseException:
        drop_connection()
        raise
    sql.execute("RESET statement_timeout")
    sql.execute("SELECT pg_advisory_unlock(?)", (LOCK,))


def is_current() -> bool:
    """Whether the database has exactly the migrations that this version brings."""
    return not pending() and not unknown()


def pending() -> list[str]:
    """The names of migrations that this database has not seen."""
    return [step.name for step in _runner().status() if step.applied is None]


def unknown() -> list[str]:
    """The names of migrations that this database has seen and this version does not know."""
    return [step.name for step in _runner().status() if step.path is None]


def applied() -> list[str]:
    """The names of migrations that this database has seen, in order."""
    return [step.name for step in _runner().status() if step.applied is not None]


def known() -> list[str]:
    """The names of migrations that this version brings, in order."""
    return [step.name for step in _runner().status() if step.path is not None]
