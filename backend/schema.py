"""Bringing a database to the present schema, and telling whether it is there."""
from pathlib import Path

from playhouse.migrations import Runner

from backend.core import db

FOLDER = Path(__file__).parent / "migrations"


def _runner() -> Runner:
    return Runner(db.database.obj, directory=str(FOLDER))


def upgrade(target: str | None = None) -> list[str]:
    """Apply what is pending (up to ``target``), each in a transaction; the names of those applied."""
    return list(_runner().up(target))


def pending() -> list[str]:
    """The names of migrations that this database has not seen."""
    return [step.name for step in _runner().status() if step.applied is None]


def applied() -> list[str]:
    """The names of migrations that this database has seen, in order."""
    return [step.name for step in _runner().status() if step.applied is not None]


def known() -> list[str]:
    """The names of migrations that this version brings, in order."""
    return [step.name for step in _runner().status() if step.path is not None]
