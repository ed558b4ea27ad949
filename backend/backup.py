"""Backups: one encrypted file with every table, the files and a manifest; and the way back.

The tables are written in one form for both engines, out of one consistent reading while the
server goes on; a backup of SQLite can so be restored into PostgreSQL. The key file is not in it.
"""
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from peewee import DatabaseError, InterfaceError

from backend import schema
from backend.core import archive, checkpoints, db, erasure, ledger, secondplace, snapshot, sql, tables, vault
from backend.core import verification as verifying
from backend.core.actor import Actor, system
from backend.core.problems import Problem
from backend.core.transaction import transaction
from backend.errands.actions import erasing
from backend.people.actions import sessions
from backend.people.models import Session
from backend.settings import Settings
from backend.sync.actions import epochs
from backend.sync.models import SyncState

FORMAT = 1
SUFFIX, PARTIAL = ".backup", ".partial"
HEAD, TABLE, ROWS, FILE, DATA, MANIFEST = (letter.encode() for letter in "HTRFDM")
PIECE = 256 << 10


class BackupError(Exception):
    """Why a backup or a restore was not made; one line for the operator."""


@dataclass
class Manifest:
    """What an archive holds: rows and digest of each table, number and digest of the files."""

    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, Any] = field(default_factory=dict)
    files: int = 0
    bytes: Any = field(default_factory=hashlib.sha256)
    table: str = ""

    def see(self, kind: bytes, body: bytes) -> None:
        """Count one record."""
        if kind == TABLE:
            self.table = orjson.loads(body)["table"]
            self.rows[self.table], self.digests[self.table] = 0, hashlib.sha256(body)
        elif kind == ROWS:
            self.rows[self.table] += len(orjson.loads(body))
            self.digests[self.table].update(body)
        elif kind in (FILE, DATA):
            self.files += kind == FILE
            self.bytes.update(kind + body)

    def document(self) -> dict[str, Any]:
        """The manifest as it stands at the archive's end."""
        listed = {
            name: {"rows": rows, "sha256": self.digests[name].hexdigest()} for name, rows in self.rows.items()
        }
        return {"tables": listed, "files": {"count": self.files, "sha256": self.bytes.hexdigest()}}


@dataclass(frozen=True)
class Restored:
    """What a restore brought back; ``lost`` entries stood in the anchors but not in the backup."""

    path: Path
    manifest: dict[str, Any]
    seq: int
    erased: int
    lost: int


def backup(settings: Settings, folder: Path, *, now: datetime) -> Path:
    """Write a backup into ``folder`` while the server goes on; its path, or BackupError.

    Keys are loaded and the database is connected by the caller, as for :func:`restore`.
    """
    try:
        checkpoints.make(settings.anchor_file, actor=system("backup"), now=now)
        erasure.tell(settings.anchor_file)
        return _made(settings, folder, now)
    except OSError as error:
        raise BackupError(f"the backup cannot be written: {error.strerror}: {error.filename}") from error


def _made(settings: Settings, folder: Path, now: datetime) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"daiban-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(4).hex()}"
    path, partial = folder / f"{name}{SUFFIX}", folder / f"{name}{PARTIAL}"
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(archive.Writer(file), settings, now)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    secondplace.sync_folder(folder)
    return path


def _write(writer: archive.Writer, settings: Settings, now: datetime) -> None:
    manifest = Manifest()
    for kind, body in _records(settings, now):
        manifest.see(kind, body)
        writer.record(kind, body)
    writer.record(MANIFEST, orjson.dumps(manifest.document()))
    writer.finish()


def _records(settings: Settings, now: datetime) -> Iterator[tuple[bytes, bytes]]:
    with snapshot.taken():
        seq, last = ledger.head()
        yield HEAD, orjson.dumps({
            "format": FORMAT, "made_at": now.isoformat(),
            "engine": "sqlite" if db.is_sqlite() else "postgresql",
            "migrations": schema.applied(), "seq": seq, "hash": last.hex(),
        })
        for table in tables.all_tables():
            yield TABLE, orjson.dumps({"table": table.name, "columns": table.columns})
            for batch in tables.batches(table):
                yield ROWS, tables.encoded(batch)
    folder = settings.data_dir / "files"
    for path in vault.all_in(folder):
        yield FILE, str(path.relative_to(folder)).encode()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield DATA, piece


def newest(folder: Path) -> Path:
    """The latest whole backup of a folder; BackupError where there is none."""
    found = sorted(folder.glob(f"daiban-*{SUFFIX}"))
    if not found:
        raise BackupError(f"no backup in {folder}")
    return found[-1]


def checked(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a whole archive; its head and manifest. BackupError unless it is as it was written."""
    manifest, head, told = Manifest(), {}, None
    try:
        with path.open("rb") as file:
            for kind, body in archive.records(file):
                if kind == HEAD:
                    head = orjson.loads(body)
                elif kind == MANIFEST:
                    told = orjson.loads(body)
                else:
                    manifest.see(kind, body)
    except (archive.Unopened, OSError) as error:
        raise BackupError(f"{path.name} cannot be restored: {error}") from error
    if told is None or told != manifest.document() or head.get("format") != FORMAT:
        raise BackupError(f"{path.name} cannot be restored: it does not hold what its manifest says")
    return head, told


def restore(settings: Settings, source: Path, *, now: datetime) -> Restored:
    """Bring a backup (a file, or a folder's newest) into an empty database; BackupError otherwise.

    The archive is read through and checked before anything is written; the tables come in one
    transaction, in which the ledger is verified and later erasures are made again.
    """
    path = newest(source) if source.is_dir() else source
    head, manifest = checked(path)
    _make_schema(head["migrations"])
    anchors = settings.anchor_file
    lost = max(0, secondplace.last(anchors).get("seq", 0) - head["seq"])
    try:
        erased = _load(path, head, settings, actor=system("restore"), now=now)
    except (DatabaseError, InterfaceError, Problem, OSError) as error:
        raise BackupError(f"nothing was restored: {str(error).splitlines()[0]}") from error
    gone = erasure.named(anchors, "resident")
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    for old in (anchors, erasure.log_beside(anchors)):
        if old.exists():
            old.rename(old.with_name(f"{old.name}.{stamp}"))
    schema.upgrade()
    erasing.finish(gone, actor=system("restore"), now=now)
    checkpoints.make(anchors, actor=system("restore"), now=now)
    erasure.tell(anchors)
    return Restored(path, manifest, head["seq"], erased, lost)


def _make_schema(migrations: list[str]) -> None:
    here = schema.applied()
    if here and (ledger.head()[0] or sql.value("SELECT count(*) FROM ledger_entry")):
        raise BackupError("the database is not empty: restore goes into a new one only")
    unknown = set(migrations) - set(schema.known())
    if unknown:
        raise BackupError(f"the backup was made by a later version (migration {min(unknown)})")
    if set(here) - set(migrations):
        raise BackupError("the database is newer than the backup: give restore one without tables")
    if migrations:
        schema.upgrade(migrations[-1])


@transaction
def _load(path: Path, head: dict[str, Any], settings: Settings, *, actor: Actor, now: datetime) -> int:
    _prepare()
    with path.open("rb") as file:
        _bring(archive.records(file), settings.data_dir / "files")
    for table in tables.all_tables():
        tables.settle_serials(table)
    there = {table.name for table in tables.all_tables()}
    if SyncState._meta.table_name in there:
        epochs.renew(actor=actor, now=now)
    if Session._meta.table_name in there:
        sessions.end_everybodys()
    result = verifying.verify(receipt=f"{head['seq']}.{head['hash']}" if head["seq"] else None)
    if result.code:
        raise BackupError(f"the backup's ledger is not whole: {result.message}")
    ledger.record("ledger.restore", "ledger", "main", detail={"backup": path.name, "made_at": head["made_at"]})
    return erasure.replay(settings.anchor_file, actor=actor, now=now)


def _prepare() -> None:
    if db.is_sqlite():
        sql.execute("PRAGMA defer_foreign_keys = ON")
    else:
        sql.execute("SET LOCAL statement_timeout = 0")
    if ledger.locked_head()[0]:
        raise BackupError("the database is not empty: restore goes into a new one only")
    for table in reversed(tables.all_tables()):
        if sql.value(f'SELECT 1 FROM "{table.name}" LIMIT 1'):
            sql.execute(f'DELETE FROM "{table.name}"')


def _bring(records: Iterator[tuple[bytes, bytes]], folder: Path) -> None:
    known = {table.name: table for table in tables.all_tables()}
    table, columns, target, pieces = None, (), None, []
    for kind, body in records:
        if target is not None and kind != DATA:
            _keep(target, pieces)
            target, pieces = None, []
        if kind == TABLE:
            found = orjson.loads(body)
            table, columns = known[found["table"]], tuple(found["columns"])
        elif kind == ROWS and table is not None:
            tables.write(table, columns, body)
        elif kind == FILE:
            target = _target(folder, body.decode())
        elif kind == DATA:
            pieces.append(body)


def _target(folder: Path, name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{62}", name):
        raise BackupError("the backup holds a file with a name that is none of ours")
    return folder / name


def _keep(target: Path, pieces: list[bytes]) -> None:
    if not target.exists():
        vault.write(target, b"".join(pieces))
