"""Reading the whole ledger and telling whether it is whole: ``verify``.

Codes: 0 whole; 1 content changed (an entry, or a detail against its commitment); 2 gap (a number
missing, or the head not the last entry); 3 behind an anchor or receipt; 4 bad signature. The
first bad number is named. The reading is one consistent state, in batches of constant memory.
"""
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag

from backend.core import checkpoints, erasure, ledger, secondplace, secrets, snapshot, sql

WHOLE, CHANGED, GAP, BEHIND, SIGNATURE = range(5)
BATCH = 4000


class Result(NamedTuple):
    """What was found; ``seq`` is the last number when whole, else the first bad one."""

    code: int
    seq: int
    message: str


class Broken(Exception):
    """The ledger is not whole."""

    def __init__(self, code: int, seq: int, message: str) -> None:
        super().__init__(message)
        self.result = Result(code, seq, message)


_ENTRIES = """
SELECT seq, recorded_at, happened_at, actor, role, unit, device, action,
       subject_type, subject_id, scope, outcome, fields, commitment, prev_hash, hash
FROM ledger_entry WHERE seq > ? AND seq <= ? ORDER BY seq
"""
_DETAILS = "SELECT seq, salt, sealed, erased_by FROM ledger_detail WHERE seq > ? AND seq <= ?"
_BEYOND = "SELECT min(seq) FROM ledger_entry WHERE seq > ?"
_NAMED = "SELECT action, fields FROM ledger_entry WHERE seq = ?"
_HASH = "SELECT hash FROM ledger_entry WHERE seq = ?"
_STRAY = "SELECT min(seq) FROM ledger_detail WHERE seq > ? OR seq < 1"


def verify(*, receipt: str | None = None, anchor: Path | None = None) -> Result:
    """Check chain, details, head and checkpoints, and a receipt ``SEQ.HASH`` or an anchor file."""
    try:
        with snapshot.taken():
            seq = _check_chain()
            _check_checkpoints(seq)
            if anchor is not None:
                _check_anchors(anchor, seq)
            if receipt is not None:
                _check_receipt(receipt, seq)
    except Broken as broken:
        return broken.result
    return Result(WHOLE, seq, f"whole: {seq} entries")


def _check_chain() -> int:
    """Every entry after the one before it; the number of the last.

    A batch is a range of numbers of each table: no plan of it, however little the database knows
    of them, reads more than the range.
    """
    seq, last = 0, ledger.GENESIS
    while batch := sql.packed(_ENTRIES, (seq, seq + BATCH)):
        details = {row[0]: row for row in sql.packed(_DETAILS, (seq, seq + BATCH))}
        seq, last = _check_batch(batch, details, seq, last)
    if sql.value(_BEYOND, (seq,)) is not None:
        raise Broken(GAP, seq + 1, f"entry {seq + 1} is missing")
    head, hashed = ledger.head()
    if (head, hashed) != (seq, last):
        if head > seq:
            raise Broken(GAP, seq + 1, f"entry {seq + 1} is missing: the head says {head}")
        raise Broken(GAP, seq, f"the head ({head}) is not the last entry ({seq})")
    stray = sql.value(_STRAY, (seq,))
    if stray is not None:
        raise Broken(GAP, stray, f"detail {stray} belongs to no entry")
    return seq


def _check_batch(
    batch: list[tuple[Any, ...]], details: dict[int, tuple[Any, ...]], seq: int, last: bytes
) -> tuple[int, bytes]:
    sha256, dumps, open_detail, put = hashlib.sha256, orjson.dumps, _opener(), bytes
    for row in batch:
        found, commitment, own = row[0], put(row[13]), put(row[15])
        if found != seq + 1:
            raise Broken(GAP, seq + 1, f"entry {seq + 1} is missing")
        if sha256(last + dumps([*row[:13], commitment.hex()])).digest() != own or row[14] != last:
            raise _blame(row, last)
        detail = details.get(found)
        if detail is None:
            raise Broken(CHANGED, found, f"the detail of entry {found} is missing")
        _, salt, sealed, by = detail
        if sealed is None or salt is None:
            _check_erased(found, salt, sealed, by)
        else:
            text = open_detail(put(sealed), found)
            if text is None or sha256(put(salt) + text).digest() != commitment:
                raise Broken(CHANGED, found, f"the detail of entry {found} was changed")
        seq, last = found, own
    return seq, last


def _opener() -> Any:
    """Like ``secrets.unseal``, without its steps of text: a million are opened in seconds."""
    keys = {name.encode(): key.decrypt for name, key in secrets.keys().fields.items()}

    def opened(sealed: bytes, seq: int) -> bytes | None:
        start = 1 + sealed[0]
        decrypt = keys.get(sealed[1:start])
        if decrypt is None:
            return None
        middle = start + 12
        try:
            return decrypt(sealed[start:middle], sealed[middle:], b"ledger_detail|sealed|%d" % seq)
        except InvalidTag:
            return None

    return opened


def _blame(row: tuple[Any, ...], last: bytes) -> Broken:
    """Which entry was changed, where one does not follow from the one before it."""
    seq, prev = row[0], bytes(row[14])
    own_holds = ledger.chained(prev, row[:14]) == bytes(row[15])
    bad = seq - 1 if own_holds and prev != last and seq > 1 else seq
    return Broken(CHANGED, bad, f"entry {bad} was changed")


def _check_erased(seq: int, salt: bytes | None, sealed: bytes | None, by: int | None) -> None:
    if by is None or salt is not None or sealed is not None:
        raise Broken(CHANGED, seq, f"the detail of entry {seq} was emptied without an erasure")
    named = sql.execute(_NAMED, (by,)).fetchone()
    if by <= seq or named is None or named[0] != erasure.ACTION or not erasure.names(named[1], seq):
        raise Broken(CHANGED, seq, f"entry {by} does not name the erased detail of entry {seq}")


def _check_checkpoints(head: int) -> None:
    after = 0
    while batch := checkpoints.after(after):
        for statement in batch:
            _check_statement("checkpoint", *statement, head=head)
        after = batch[-1][0]


def _check_anchors(path: Path, head: int) -> None:
    if not path.exists() and checkpoints.after(0):
        raise Broken(BEHIND, 0, f"the anchor file {path.name} is not there")
    for statement in _anchors(path):
        if statement is None:
            raise Broken(SIGNATURE, 0, f"{path.name} holds a line that is no anchor")
        _check_statement("anchor", *statement, head=head)


def _anchors(path: Path) -> Iterator[tuple[int, bytes, int, bytes] | None]:
    try:
        for line in secondplace.lines(path):
            yield checkpoints.read_line(line)
    except secondplace.Damaged as error:
        raise Broken(SIGNATURE, 0, str(error)) from error
    except OSError as error:
        raise Broken(BEHIND, 0, f"the anchor file cannot be read: {error.strerror}") from error


def _check_statement(
    what: str, seq: int, hashed: bytes, made_at: int, signature: bytes, *, head: int
) -> None:
    if not checkpoints.is_signed(seq, hashed, made_at, signature):
        raise Broken(SIGNATURE, seq, f"the signature of {what} {seq} does not hold")
    if seq > head:
        raise Broken(BEHIND, head + 1, f"the ledger ends at {head}, {what} {seq} is ahead of it")
    if bytes(sql.value(_HASH, (seq,))) != bytes(hashed):
        raise Broken(BEHIND, seq, f"entry {seq} is not the one of its {what}")


def _check_receipt(receipt: str, head: int) -> None:
    number, _, hashed = receipt.strip().partition(".")
    if not number.isascii() or not number.isdigit() or len(number) > 18 or len(hashed) != 64:
        raise Broken(BEHIND, 0, "not a receipt: SEQ.HASH is wanted")
    seq = int(number)
    if seq > head:
        raise Broken(BEHIND, head + 1, f"the ledger ends at {head}, the receipt says {seq}")
    found = sql.value(_HASH, (seq,))
    if found is None or bytes(found).hex() != hashed.lower():
        raise Broken(BEHIND, seq, f"entry {seq} is not the one of the receipt")
