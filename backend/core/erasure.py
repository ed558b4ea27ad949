"""Erasing what the ledger's details say, so that the chain stays whole and the gap explained.

An erasure entry names the erased entries in its ``fields`` (part of the hashed chain), as ranges.
What was erased is also told to a second place (the erasures' log beside the anchors), from where
a restored backup learns what was erased after it was made.
"""
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from backend.core import db, ledger, secondplace, secrets, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

ACTION, SUBJECT = "ledger.erase", "erasure"
FIELDS, LOG = "details", "erasures.log"
AT_ONCE = 200
LONGEST = 480


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns that an erasure blanks: NULL where the column allows it, else empty.

    Of the row with this ``id``; or of all rows whose column ``key`` is ``id``, where it is named.
    """

    table: str
    id: str
    columns: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Hers:
    """What a capability above errands keeps of a resident, by her id: cells, and entries of the ledger by number.

    ``leave`` ends what is still to come of hers first, in the erasure's transaction. ``apart`` names, by id, what of
    it this actor must not know of, though he may see her: he hands out her copy without it.
    """

    cells: Callable[[str], Iterable[Cells]]
    entries: Callable[[str], Iterable[int]]
    leave: Callable[..., None] | None = None
    apart: Callable[[str, Actor], set[str]] | None = None


kept: dict[str, Hers] = {}


def declare(capability: str, hers: Hers) -> None:
    """Make known what an erasure must find there; done once, where the capability is imported."""
    kept[capability] = hers


_STANDING = "SELECT seq FROM ledger_detail WHERE seq IN ({}) AND sealed IS NOT NULL ORDER BY seq"
_BLANK = "UPDATE ledger_detail SET salt = NULL, sealed = NULL, erased_by = ? WHERE seq IN ({})"
_HASHES = "SELECT seq, hash FROM ledger_entry WHERE seq IN ({}) ORDER BY seq"


@transaction
def erase_details(
    seqs: Iterable[int], *, actor: Actor, now: datetime, cells: Sequence[Cells] = (), reason: str = ""
) -> int:
    """Blank the details of these entries, and the cells of these rows; how many details went.

    What is already erased is left alone. The edge calls :func:`tell` afterwards.
    """
    erased = 0
    wanted, left = sorted(set(seqs)), list(cells)
    for cell in cells:
        _blank_cells(cell)
    for start in range(0, len(wanted), AT_ONCE):
        for part in _parts(_standing(wanted[start : start + AT_ONCE])):
            _erase(part, left, reason)
            erased, left = erased + len(part), []
    if left:
        _erase([], left, reason)
    return erased


def stands(seqs: Iterable[int]) -> bool:
    """Whether any of these entries still has its details."""
    wanted = sorted(set(seqs))
    return any(_still(wanted[start : start + AT_ONCE]) for start in range(0, len(wanted), AT_ONCE))


def _standing(seqs: list[int]) -> list[int]:
    text = _STANDING.format(_marks(seqs)) + sql.held()
    return [seq for (seq,) in sql.execute(text, seqs).fetchall()]


def _erase(part: list[int], cells: list[Cells], reason: str) -> None:
    by = ledger.next_seq()
    hashes = {}
    if part:
        sql.execute(_BLANK.format(_marks(part)), (by, *part))
        found = sql.execute(_HASHES.format(_marks(part)), part).fetchall()
        hashes = {str(seq): bytes(own).hex()[:16] for seq, own in found}
    ledger.record(
        ACTION, SUBJECT, FIELDS, fields=[ranges(part)],
        detail={"entries": hashes, "cells": [asdict(cell) for cell in cells], "reason": reason},
    )


def _blank_cells(cell: Cells) -> None:
    model = next((m for m in db.Row.__subclasses__() if m._meta.table_name == cell.table), None)
    if model is None or any(name not in model._meta.columns for name in (*cell.columns, cell.key or cell.columns[0])):
        raise ValueError(f"no such columns in {cell.table}")
    sets = ", ".join(f'"{name}" = {_blank(model._meta.columns[name])}' for name in cell.columns)
    primary: Any = model._meta.primary_key
    sql.execute(f'UPDATE "{cell.table}" SET {sets} WHERE "{cell.key or primary.column_name}" = ?', (cell.id,))


def _blank(column: Any) -> str:
    if column.null:
        return "NULL"
    return "'[]'" if isinstance(column, db.JsonField) else "''"


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values)) or "NULL"


def _parts(seqs: list[int]) -> Iterator[list[int]]:
    """The numbers in groups whose ranges fit an entry's ``fields``."""
    part: list[int] = []
    for seq in seqs:
        if part and len(ranges([*part, seq])) > LONGEST:
            yield part
            part = []
        part.append(seq)
    if part:
        yield part


def ranges(seqs: Sequence[int]) -> str:
    """Ascending numbers as ``3-7,9``."""
    runs: list[list[int]] = []
    for seq in seqs:
        if runs and seq == runs[-1][1] + 1:
            runs[-1][1] = seq
        else:
            runs.append([seq, seq])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def names(fields: str, seq: int) -> bool:
    """Whether an erasure entry's ``fields`` name ``seq``."""
    for run in fields.split(","):
        first, _, last = run.partition("-")
        if first.isdecimal() and int(first) <= seq <= int(last or first):
            return True
    return False


def log_beside(anchor_file: Path) -> Path:
    """Where the erasures' log of an installation stands."""
    return anchor_file.with_name(LOG)


def tell(anchor_file: Path) -> int:
    """Append to the erasures' log what it lacks of the ledger's erasures; how many lines."""
    path, written = log_beside(anchor_file), 0
    after = secondplace.last(path).get("seq", 0)
    while entries := ledger.history(SUBJECT, FIELDS, after=after):
        written += secondplace.append(path, [_line(entry) for entry in entries if entry["detail"]])
        after = entries[-1]["seq"]
    return written


def _line(entry: dict[str, Any]) -> dict[str, Any]:
    nonce, bound = os.urandom(12), str(entry["seq"]).encode()
    sealed = secrets.cipher(LOG).encrypt(nonce, orjson.dumps(entry["detail"]), bound)
    return {"seq": entry["seq"], "sealed": (nonce + sealed).hex()}


def replay(anchor_file: Path, *, actor: Actor, now: datetime) -> int:
    """Erase again, in a restored database, what the log says was erased; how many details went.

    Logs laid aside by earlier restores count too; a detail is erased only where its entry is the
    very one that the log means.
    """
    erased = 0
    for detail in _told(anchor_file):
        cells = [Cells(c["table"], c["id"], tuple(c["columns"]), c.get("key", "")) for c in detail["cells"]]
        erased += _again(detail["entries"], cells, detail["reason"], actor, now)
    return erased


def named(anchor_file: Path, table: str) -> set[str]:
    """The ids of a table's rows of which the logs say that something was erased."""
    return {cell["id"] for detail in _told(anchor_file) for cell in detail["cells"] if cell["table"] == table}


def _told(anchor_file: Path) -> Iterator[dict[str, Any]]:
    """What the erasures' log says, and those laid aside by earlier restores."""
    cipher = secrets.cipher(LOG)
    for path in sorted(anchor_file.parent.glob(f"{LOG}*")):
        for line in secondplace.lines(path):
            sealed, bound = bytes.fromhex(line["sealed"]), str(line["seq"]).encode()
            yield dict(orjson.loads(cipher.decrypt(sealed[:12], sealed[12:], bound)))


def _again(hashes: dict[str, str], cells: list[Cells], reason: str, actor: Actor, now: datetime) -> int:
    wanted = [int(seq) for seq in hashes]
    found = sql.execute(_HASHES.format(_marks(wanted)), wanted).fetchall() if wanted else []
    same = [seq for seq, own in found if bytes(own).hex()[:16] == hashes[str(seq)]]
    same = _still(same)
    if not same and not cells:
        return 0
    return erase_details(same, cells=cells, reason=reason, actor=actor, now=now)


def _still(seqs: list[int]) -> list[int]:
    if not seqs:
        return []
    return [seq for (seq,) in sql.execute(_STANDING.format(_marks(seqs)), seqs).fetchall()]
