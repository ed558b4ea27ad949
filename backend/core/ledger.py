"""The one append-only, hash-chained book of what happened.

A case's history, the audit trail and the phones' change feed are three readings of it. Entries
are written last in their transaction, under the head row, so ``seq`` is commit order. An entry's
hash is SHA-256 over the previous hash and the entry's columns as a JSON array; the values stand
in a sealed detail beside it, of which the chain holds only SHA-256(salt + values).
"""
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, secrets, sql
from backend.core.actor import Actor
from backend.core.models import LedgerDetail, LedgerEntry, LedgerReach

READ = "read"
"""The outcome of reading personal data in full: what the supervisor's access log is made of."""
GENESIS = hashlib.sha256(b"daiban ledger").digest()

_HEAD = "SELECT seq, hash FROM ledger_head WHERE id = 1"
_ADVANCE = "UPDATE ledger_head SET seq = ?, hash = ? WHERE id = 1"


@dataclass(slots=True)
class Note:
    """One thing that happened in the running transaction, waiting to be written."""

    action: str
    subject_type: str
    subject_id: str
    scope: str
    fields: str
    outcome: str
    happened_at: datetime
    detail: bytes
    reaches: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """What a transaction has to say; written in one go at its end.

    ``fresh`` holds what it made anew, by id, as a query would read it: it is shown without reading it back. ``along``
    makes from the receipt what is written with the entries.
    """

    actor: Actor
    now: datetime
    notes: list[Note] = field(default_factory=list)
    fresh: dict[str, Any] = field(default_factory=dict)
    along: list[Callable[[str | None], sql.Statement]] = field(default_factory=list)


class _Running(threading.local):
    block: Block | None = None


running = _Running()


def record(
    action: str,
    subject_type: str,
    subject_id: str,
    *,
    scope: str = "",
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
    outcome: str = "done",
    happened_at: datetime | None = None,
    reaches: Iterable[str | None] = (),
) -> None:
    """Say that something happened, in the running transaction.

    ``scope`` is the code of the unit whose subtree may read it; ``detail`` holds the values,
    reasons and texts, as JSON. ``reaches`` names accounts that it concerns wherever they belong (their
    phones learn of it), None among them being nobody. A RuntimeError outside a transaction.
    """
    if running.block is None:
        raise RuntimeError("nothing is recorded outside a transaction")
    running.block.notes.append(
        Note(
            action, subject_type, subject_id, scope, ",".join(fields)[:500], outcome,
            happened_at or running.block.now, orjson.dumps(detail or {}),
            tuple(dict.fromkeys(reader_id for reader_id in reaches if reader_id)),
        )
    )


def write_along(make: Callable[[str | None], sql.Statement]) -> None:
    """Have the statement that ``make`` makes of the receipt written with the entries, at the transaction's end.

    A RuntimeError outside a transaction.
    """
    if running.block is None:
        raise RuntimeError("no transaction is running")
    running.block.along.append(make)


def keep_fresh(subject_id: str, found: Any) -> None:
    """Keep what the running transaction has just made, as a query would read it before anything changes it."""
    if running.block is not None:
        running.block.fresh[subject_id] = found


def fresh(subject_id: str) -> Any:
    """What the running transaction made under this id; None outside it, and for all else."""
    return running.block.fresh.get(subject_id) if running.block is not None else None


def append(block: Block) -> str | None:
    """Write the block's entries under the head row, and what goes along; the receipt ``seq.hash`` of the last entry."""
    if not block.notes:
        sql.together([each(None) for each in block.along])
        return None
    seq, last = locked_head()
    entries, details, reached = [], [], []
    for note in block.notes:
        seq += 1
        salt = os.urandom(16)
        entry = _entry(block, note, seq, hashlib.sha256(salt + note.detail).digest())
        entry["prev_hash"] = last
        entry["hash"] = last = chained(last, tuple(entry.values())[:14])
        entries.append(entry)
        sealed = secrets.seal(note.detail.decode(), f"ledger_detail|sealed|{seq}")
        details.append({"seq": seq, "salt": salt, "sealed": sealed})
        reached += [{"reader_id": reader_id, "seq": seq} for reader_id in note.reaches]
    receipt = f"{seq}.{last.hex()}"
    sql.together([
        *sql.insertions(LedgerEntry, entries), *sql.insertions(LedgerDetail, details),
        *sql.insertions(LedgerReach, reached), *[each(receipt) for each in block.along], (_ADVANCE, (seq, last)),
    ])
    return receipt


def _entry(block: Block, note: Note, seq: int, commitment: bytes) -> dict[str, Any]:
    actor = block.actor
    return {
        "seq": seq,
        "recorded_at": clock.to_micros(block.now),
        "happened_at": clock.to_micros(note.happened_at),
        "actor": actor.id,
        "role": actor.role,
        "unit": actor.unit_code or "",
        "device": actor.device or "",
        "action": note.action,
        "subject_type": note.subject_type,
        "subject_id": note.subject_id,
        "scope": note.scope,
        "outcome": note.outcome,
        "fields": note.fields,
        "commitment": commitment,
    }


def chained(prev_hash: bytes, columns: tuple[Any, ...]) -> bytes:
    """The hash of an entry: ``columns`` are its fourteen from ``seq`` to ``commitment``."""
    body = orjson.dumps([*columns[:13], bytes(columns[13]).hex()])
    return hashlib.sha256(prev_hash + body).digest()


_HISTORY = """
SELECT e.seq, e.recorded_at, e.happened_at, e.actor, e.role, e.unit, e.action, e.outcome,
       e.fields, d.sealed
FROM ledger_entry e JOIN ledger_detail d ON d.seq = e.seq
WHERE e.subject_type = ? AND e.subject_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?
"""


def history(
    subject_type: str, subject_id: str, *, after: int = 0, limit: int = 200
) -> list[dict[str, Any]]:
    """The entries of one subject in order, each with its ``detail`` (None once erased)."""
    entries = sql.rows(_HISTORY, (subject_type, subject_id, after, limit))
    for entry in entries:
        sealed = entry.pop("sealed")
        place = f"ledger_detail|sealed|{entry['seq']}"
        entry["detail"] = None if sealed is None else orjson.loads(secrets.unseal(sealed, place))
    return entries


_STEPS = """
SELECT action, happened_at FROM ledger_entry
WHERE subject_type = ? AND subject_id = ? AND action IN ({}) ORDER BY seq
"""


def steps(subject_type: str, subject_id: str, actions: Sequence[str]) -> list[dict[str, Any]]:
    """Which of these acts befell a subject, and when; all of them, without their details."""
    text = _STEPS.format(", ".join("?" * len(actions)))
    return sql.rows(text, (subject_type, subject_id, *actions))


_SEQS = "SELECT seq FROM ledger_entry WHERE subject_type = ? AND subject_id = ?"


def seqs_of(subject_type: str, subject_id: str) -> list[int]:
    """The numbers of all entries about one subject."""
    return [seq for (seq,) in sql.execute(_SEQS, (subject_type, subject_id)).fetchall()]


def head() -> tuple[int, bytes]:
    """The number and hash of the last entry."""
    seq, last = sql.execute(_HEAD).fetchone()
    return seq, bytes(last)


def locked_head() -> tuple[int, bytes]:
    """The head, held until the running transaction ends; no entry is written meanwhile."""
    seq, last = sql.execute(_HEAD + sql.held()).fetchone()
    return seq, bytes(last)


def next_seq() -> int:
    """The number that the next :func:`record` of this transaction will get; holds the head."""
    if running.block is None:
        raise RuntimeError("nothing is recorded outside a transaction")
    return locked_head()[0] + len(running.block.notes) + 1
