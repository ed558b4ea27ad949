"""Importing divisions, from one district to the whole country: all or nothing, and repeatable."""
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from backend.core import db, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.org.actions.units import spelled
from backend.org.models import Unit
from backend.org.rules import divisions as rules
from backend.org.rules.divisions import BadDivisions, Division, Outline

LARGEST = 128 << 20
BATCH = 1000

_COLUMNS = ("code", "name", "level", "parent_code", "pinyin", "initials", "status", "version")

_KNOWN = "SELECT code, name, level, parent_code, version FROM unit WHERE code IN ({})"
_ALONE = "LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"
_BY_INDEX = "SET LOCAL enable_seqscan = off"
_COUNT_AGAIN = "ANALYZE unit"


def import_divisions(path: str | Path, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Add and rename the units of a CSV file; how many were read, added, changed, left unchanged.

    BadDivisions names the first bad line; then nothing is imported. Units that the file does not
    name stay as they are. The file is read and checked before the database is kept waiting.
    """
    data = _content(Path(path))
    outline = rules.outline(data)
    return _write(data, outline, actor=actor, now=now)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadDivisions(f"文件超过 {LARGEST >> 20} MB", f"The file has more than {LARGEST >> 20} MB")
    return data


@transaction
def _write(data: bytes, outline: Outline, *, actor: Actor, now: datetime) -> dict[str, int]:
    _prepare()
    _find_outside(outline)
    counts = Counter(read=outline.read, added=0, changed=0, unchanged=len(outline.twice))
    with sql.indexed_later(Unit) if _is_empty() else nullcontext():
        for batch in _batches(data):
            _put(batch, outline, counts)
    if not db.is_sqlite() and counts["added"] > BATCH:
        sql.execute(_COUNT_AGAIN)
    if counts["added"] or counts["changed"]:
        scope = outline.roots[0] if len(outline.roots) == 1 else ""
        digest = hashlib.sha256(data).hexdigest()
        ledger.record("divisions.import", "divisions", digest, scope=scope, detail=counts | {"sha256": digest})
    return dict(counts)


def _prepare() -> None:
    """On PostgreSQL keep other writers of the tree out; look units up by key though none stood there
    when the look-up was planned (the plan is kept, and would read the growing table whole)."""
    if not db.is_sqlite():
        sql.execute(_ALONE)
        sql.execute(_BY_INDEX)


def _batches(data: bytes) -> Iterator[list[Division]]:
    """The file's divisions, some hundreds at a time."""
    found = rules.read_again(data)
    while batch := list(islice(found, BATCH)):
        yield batch


def _find_outside(outline: Outline) -> None:
    """Learn the ranks of parents that the file does not bring; refuse a second line without a first."""
    ranks = outline.ranks
    missing = {code for _, code in outline.twice} | outline.parents
    outside = iter(sorted(code for code in missing if code not in ranks))
    while codes := [str(code) for code in islice(outside, BATCH)]:
        for code, unit in _known(codes).items():
            ranks[int(code)] = rules.RANKS[unit[1]]
    for line, code in outline.twice:
        if code not in ranks:
            raise rules.bad_line(line, f"上级 {code} 不存在", f"the parent {code} is missing")


def _known(codes: list[str]) -> dict[str, tuple[Any, ...]]:
    """The units of these codes that stand in the database: name, level, parent, version."""
    found = sql.execute(_KNOWN.format(", ".join("?" * len(codes))), codes).fetchall()
    return {row[0]: tuple(row[1:]) for row in found}


def _is_empty() -> bool:
    return sql.value("SELECT 1 FROM unit LIMIT 1") is None


def _put(batch: list[Division], outline: Outline, counts: Counter[str]) -> None:
    for division in batch:
        if division.parent_code:
            rules.check_parent(division, outline.ranks)
    known = _known([division.code for division in batch])
    added = [_row(division) for division in batch if division.code not in known]
    if added:
        sql.fill(Unit, _COLUMNS, added)
        counts["added"] += len(added)
    for division in batch:
        if division.code in known:
            counts["changed" if _amended(division, *known[division.code]) else "unchanged"] += 1


def _row(division: Division) -> tuple[Any, ...]:
    _, code, name, level, parent = division
    return code, name, level, parent or None, *spelled(name).values(), "planned", 1


def _amended(division: Division, name: str, level: str, parent: str | None, version: int) -> bool:
    """Whether the file says something new of a known unit; a parent not named is not a change."""
    changes: dict[str, Any] = {}
    if division.name != name:
        changes |= {"name": division.name, **spelled(division.name)}
    if division.level != level:
        changes["level"] = division.level
    if division.parent_code and division.parent_code != parent:
        changes["parent_code"] = division.parent_code
    if changes and not sql.amend(Unit, division.code, version, **changes):
        raise Conflict()
    return bool(changes)
