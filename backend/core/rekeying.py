"""Carrying a rotation of both keys on, a slice at a time, while the product serves (docs/decisions/0227).

The state is the key file's; a pass over the tables lives in the process that works at it, and begins anew where that
process died. Each phase stands for ``pause`` before the next begins, so that every process has seen it and every
transaction from before has ended.
"""
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.core import blinding, clock, db, keyring, ledger, rotation, secrets, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

BATCH = 200
SLICE_SECONDS = 4.0
_OLDER = """
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND xact_start < to_timestamp(?) LIMIT 1
"""
"""A transaction begun before a moment, of anybody; who serves under another role than its own is not seen."""


@dataclass
class Pass:
    """One pass over everything that is sealed or indexed, and over the kept files."""

    steps: Iterator[int]
    changed: int = 0


@dataclass
class Work:
    """What one process does of a rotation."""

    key_file: Path
    files: Path
    pause: timedelta
    running: Pass | None = field(default=None)

    def carry_on(self, *, actor: Actor, now: datetime) -> str | None:
        """Do a slice of what is to be done now; the phase in which that leaves the rotation, None without one."""
        found = keyring.state(self.key_file)
        if found is None:
            return None
        if found["phase"] == secrets.DONE:
            return secrets.DONE
        if now - found["since"] < self.pause or _has_older(found["since"]):
            return str(found["phase"])
        if found["phase"] == secrets.ANNOUNCED:
            _switch(self.key_file, found["field"], actor=actor, now=now)
            return secrets.SWITCHED
        if self._passed(actor, now):
            _finish(self.key_file, found["field"], actor=actor, now=now)
            return secrets.DONE
        return secrets.SWITCHED

    def _passed(self, actor: Actor, now: datetime) -> bool:
        """Work for a slice; whether a whole pass found nothing to do."""
        self.running = running = self.running or Pass(self._steps(actor, now))
        until = clock.monotonic() + SLICE_SECONDS
        try:
            for count in running.steps:
                running.changed += count
                if clock.monotonic() >= until:
                    return False
        except BaseException:
            self.running = None
            raise
        self.running = None
        return running.changed == 0

    def _steps(self, actor: Actor, now: datetime) -> Iterator[int]:
        yield from rotation.indexes(BATCH, actor=actor, now=now)
        yield from rotation.everything(BATCH, actor=actor, now=now)
        for _ in rotation.files(self.files):
            yield 1


@transaction
def _switch(key_file: Path, name: str, *, actor: Actor, now: datetime) -> None:
    """Nobody looks for numbers or writes them meanwhile; dies this process here, the file says how far it came."""
    blinding.hold_alone()
    keyring.switch(key_file, now)
    ledger.record("keys.switch", "keys", name)


@transaction
def _finish(key_file: Path, name: str, *, actor: Actor, now: datetime) -> None:
    keyring.finish(key_file, now)
    ledger.record("keys.finish", "keys", name)


def _has_older(moment: datetime) -> bool:
    if db.is_sqlite():
        return False
    return sql.value(_OLDER, (moment.timestamp(),)) is not None


def told(key_file: Path) -> dict[str, Any] | None:
    """The rotation as an operator is told of it."""
    found = keyring.state(key_file)
    return None if found is None else {**found, "since": clock.wire(found["since"])}
