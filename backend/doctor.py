"""Is this installation fit to serve? One line per finding, for the person who runs it."""
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw
from peewee import PeeweeException

from backend import schema
from backend.core import db, jobs, secrets, sql
from backend.notifications import queries as notices
from backend.settings import Settings

OK, WARNING, ERROR = "ok", "warning", "error"
LITTLE, TOO_LITTLE = 2 << 30, 256 << 20
WAL_RESET_FIXED = {(3, 51): 3, (3, 50): 7, (3, 44): 6}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what was seen; ``told`` is a sentence for a person."""

    level: str
    what: str
    told: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that a start takes for granted; never raises for what is wrong."""
    found = list(_keys(settings))
    found += _folders(settings)
    try:
        if db.database.obj is None:
            db.connect(settings.database_url)
        sql.value("SELECT 1")
    except PeeweeException as error:
        return [*found, Finding(ERROR, "database", f"the database does not answer: {_line(error)}")]
    for check in (*(_SQLITE if db.is_sqlite() else _POSTGRESQL), _migrations, _sealed, _lease, _letters):
        found += _tried(check)
    return found


def exit_code(findings: list[Finding]) -> int:
    """1 when anything is an error, else 0."""
    return int(any(finding.level == ERROR for finding in findings))


def _tried(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except PeeweeException as error:
        return [Finding(ERROR, check.__name__.strip("_"), f"could not be looked at: {_line(error)}")]


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _keys(settings: Settings) -> Iterator[Finding]:
    path = settings.key_file
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        yield Finding(ERROR, "keys", f"the key file {path.name} cannot be read: {error.strerror}")
        return
    if mode & 0o077:
        yield Finding(ERROR, "keys", f"others may read {path.name} (mode {mode:03o}): chmod 600 {path}")
    try:
        secrets.load(path)
    except secrets.KeyFileError as error:
        yield Finding(ERROR, "keys", f"the key file {path.name} is of no use: {_line(error)}")
        return
    if not mode & 0o077:
        yield Finding(OK, "keys", f"{path.name} is readable by its owner only")


def _folders(settings: Settings) -> Iterator[Finding]:
    place = settings.anchor_file.parent
    for what, folder in (("data folder", settings.data_dir), ("second place", place)):
        yield _writable(what, folder)
    if settings.data_dir.exists():
        yield _space(settings.data_dir)
    if place.resolve().is_relative_to(settings.data_dir.resolve()):
        told = "anchors stand beside the data they vouch for: set DAIBAN_ANCHOR_FILE to another disk"
        yield Finding(WARNING, "second place", told)


def _writable(what: str, folder: Path) -> Finding:
    probe = folder / f".doctor-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return Finding(ERROR, what, f"{folder} cannot be written: {error.strerror}")
    return Finding(OK, what, f"{folder} can be written")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    level = ERROR if free < TOO_LITTLE else WARNING if free < LITTLE else OK
    return Finding(level, "disk", f"{free / (1 << 30):.1f} GiB free where the data stands")


def has_wal_reset_defect(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite may lose a commit when its log is reset (fixed in 3.51.3, 3.50.7, 3.44.6).

    Later minor lines have the mending from their start; all other lines before 3.51.3 lack it.
    """
    major, minor, patch = version
    if (major, minor) > max(WAL_RESET_FIXED):
        return False
    return patch < WAL_RESET_FIXED.get((major, minor), patch + 1)


def _engine() -> Iterator[Finding]:
    text = apsw.sqlite_lib_version()
    numbers = [int(part) for part in text.split(".")[:3]]
    mode = sql.value("PRAGMA journal_mode")
    if mode == "wal" and has_wal_reset_defect((numbers[0], numbers[1], numbers[2])):
        told = f"SQLite {text} can lose commits in WAL mode: install the pinned apsw"
        yield Finding(ERROR, "engine", told)
        return
    yield Finding(OK if mode == "wal" else ERROR, "engine", f"SQLite {text}, journal mode {mode}")


def _integrity() -> Iterator[Finding]:
    told = sql.value("PRAGMA quick_check(1)")
    if told == "ok":
        yield Finding(OK, "integrity", "the database file is sound")
    else:
        yield Finding(ERROR, "integrity", f"the database file is damaged, restore a backup: {told}")


def _triggers_sqlite() -> Iterator[Finding]:
    text = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%'"
    yield _triggers(sql.value(text), 6)


def _triggers(count: int, wanted: int) -> Finding:
    if count < wanted:
        return Finding(ERROR, "ledger", "triggers that keep the ledger append-only are missing or off")
    return Finding(OK, "ledger", "the database refuses changes of the ledger")


def _server() -> Iterator[Finding]:
    yield Finding(OK, "engine", f"PostgreSQL {sql.value('SHOW server_version')}")
    encoding = sql.value("SHOW server_encoding")
    if encoding != "UTF8":
        yield Finding(ERROR, "encoding", f"the database is in {encoding}: make one with ENCODING 'UTF8'")
    else:
        yield Finding(OK, "encoding", "UTF8")
    broken = sql.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
    if broken:
        yield Finding(ERROR, "integrity", f"{broken} indexes are not valid: REINDEX DATABASE")


_COLLATION = """
SELECT datcollate, datcollversion, pg_database_collation_actual_version(oid)
FROM pg_database WHERE datname = current_database()
"""


def _collation() -> Iterator[Finding]:
    name, made, actual = sql.execute(_COLLATION).fetchone()
    if made is not None and made != actual:
        told = f"the system's {name} went from {made} to {actual}: REINDEX DATABASE and refresh its version"
        yield Finding(ERROR, "collation", told)
    else:
        yield Finding(OK, "collation", f"{name}")


_RIGHTS = """
SELECT t.name, r.right FROM (VALUES ('ledger_entry'), ('ledger_checkpoint'), ('ledger_detail')) AS t(name),
       (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS r("right")
WHERE has_table_privilege(current_user, t.name, r.right)
  AND NOT (t.name = 'ledger_detail' AND r.right = 'UPDATE')
"""
_ENABLED = """
SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relname IN ('ledger_entry', 'ledger_checkpoint', 'ledger_detail') AND t.tgenabled IN ('O', 'A')
  AND starts_with(t.tgname, c.relname)
  AND NOT t.tgisinternal
"""


def _role() -> Iterator[Finding]:
    yield _triggers(sql.value(_ENABLED), 7)
    if sql.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        told = "the product signs in as a superuser, who may change the ledger: give it a role of its own"
        yield Finding(WARNING, "role", told)
        return
    rights = [f"{right} on {table}" for table, right in sql.execute(_RIGHTS).fetchall()]
    if rights:
        told = f"the product's role holds more rights than it needs: {', '.join(rights)}"
        yield Finding(WARNING, "role", told)
    else:
        yield Finding(OK, "role", "the product's role cannot change the ledger")


def _migrations() -> Iterator[Finding]:
    waiting = schema.pending()
    if waiting:
        yield Finding(ERROR, "migrations", f"not applied yet: {', '.join(waiting)}; run upgrade")
        return
    unknown = sorted(set(schema.applied()) - set(schema.known()))
    if unknown:
        yield Finding(ERROR, "migrations", f"the database is of a later version: {', '.join(unknown)}")
    else:
        yield Finding(OK, "migrations", "the database is up to date")


_NEWEST = "SELECT seq, sealed FROM ledger_detail WHERE sealed IS NOT NULL ORDER BY seq DESC LIMIT 1"


def _sealed() -> Iterator[Finding]:
    found = sql.execute(_NEWEST).fetchone()
    if found is None:
        yield Finding(OK, "sealed values", "none yet")
        return
    try:
        secrets.unseal(found[1], f"ledger_detail|sealed|{found[0]}")
        yield Finding(OK, "sealed values", "the keys open what is sealed")
    except (secrets.Unreadable, RuntimeError):
        told = "the key file is not the one that this database was sealed with"
        yield Finding(ERROR, "sealed values", told)


def _lease() -> Iterator[Finding]:
    left = jobs.lease_age()
    if left is None:
        yield Finding(WARNING, "jobs", "no process has run the jobs yet")
    elif left < 0:
        yield Finding(WARNING, "jobs", f"no process runs the jobs: the lease ran out {-left} s ago")
    else:
        yield Finding(OK, "jobs", "a process runs the jobs")


def _letters() -> Iterator[Finding]:
    dead = notices.figures().depth["dead"]
    if dead:
        told = f"{dead} notices could not be sent: see GET /outbox?state=dead, and try them again from there"
        yield Finding(WARNING, "notices", told)
    else:
        yield Finding(OK, "notices", "no dead letters")


_SQLITE: tuple[Callable[[], Iterator[Finding]], ...] = (_engine, _integrity, _triggers_sqlite)
_POSTGRESQL: tuple[Callable[[], Iterator[Finding]], ...] = (_server, _collation, _role)
