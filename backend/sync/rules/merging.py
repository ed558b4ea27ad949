"""From entries of the ledger, and rows as they are now, to what a phone is told. Pure."""
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backend.sync.rules import window
from backend.sync.rules.window import APPOINTMENT, ERRAND, FILE, NOTE, RESIDENT, VISIT

PUT, DELETE, REVOKE = OPS = ("put", "delete", "revoke")
IMPORTED, ERASED = "errand.import", "resident.erase"
NOTED, REGISTERED, RETURNED = "errand.note", "errand.register", "errand.reverse"
NOTING = (NOTED, REGISTERED)
"""Acts after which an errand's notes are told: the new one's, and one by which an old errand may come back."""
REVOCABLE = (ERRAND, VISIT, APPOINTMENT)
"""Of residents and files nobody is told that they are there and not his to see."""


class Entry(NamedTuple):
    """What happened to a subject: an entry of the ledger that a phone listens to."""

    seq: int
    type: str
    id: str
    action: str
    recorded: int


class Row(NamedTuple):
    """A row as it is now: whether it is the reader's to see, and within his window.

    ``parent`` is an errand's, visit's or appointment's resident, or a note's errand; ``made`` when a note was made.
    """

    type: str
    id: str
    version: int
    seen: bool
    kept: bool
    parent: str
    body: str
    made: int = 0


class Change(NamedTuple):
    """What a phone does to one thing it holds."""

    seq: int
    rank: int
    id: str
    type: str
    op: str
    row: Row | None


def touched(entries: Iterable[Entry]) -> dict[tuple[str, str], int | None]:
    """The subjects of entries; of an errand, from which moment on its notes are told (None: none of them)."""
    found: dict[tuple[str, str], int | None] = {}
    for entry in entries:
        key = entry.type, entry.id
        since = entry.recorded if entry.action in NOTING else 0 if entry.action == RETURNED else None
        held = found.get(key)
        found[key] = since if held is None else held if since is None else min(held, since)
    return found


def changes(entries: list[Entry], rows: list[Row]) -> list[Change]:
    """Each row once, at the last entry that concerns it, in the order of the entries."""
    last = {(entry.type, entry.id): entry.seq for entry in entries}
    at = _moments(entries, rows, last)
    made = {(entry.type, entry.id) for entry in entries if entry.action != IMPORTED}
    found = []
    for row in rows:
        key = row.type, row.id
        op = _op(row, key in last, key in made)
        if op and at.get(key):
            found.append(Change(at[key], window.TYPES.index(row.type), row.id, row.type, op, row))
    there = {(row.type, row.id) for row in rows}
    for (kind, gone), seq in last.items():
        if (kind, gone) not in there and kind != RESIDENT:
            found.append(Change(seq, window.TYPES.index(kind), gone, kind, DELETE, None))
    return sorted(found, key=lambda change: change[:3])


def _moments(
    entries: list[Entry], rows: list[Row], last: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """At which entry each row is told.

    One that goes is told at its own last entry: a page that begins behind that no longer knows of it. A note is told
    at the entry that made it, however many follow on its errand: a page that ends between them begins behind it.
    """
    at = dict(last)
    for row in rows:
        if row.type in REVOCABLE and row.seen and row.kept:
            at[row.type, row.id] = max(at.get((row.type, row.id), 0), last.get((RESIDENT, row.parent), 0))
    hers = {row.id: row.parent for row in rows if row.type == ERRAND}
    noted = {(entry.id, entry.recorded): entry.seq for entry in entries if entry.action in NOTING}
    returned = {entry.id: entry.seq for entry in entries if entry.action == RETURNED}
    erased = {entry.id: entry.seq for entry in entries if entry.action == ERASED}
    for row in rows:
        if row.type == NOTE:
            own, back = noted.get((row.parent, row.made), 0), returned.get(row.parent, 0)
            at[NOTE, row.id] = max(own, back, erased.get(hers.get(row.parent, ""), 0))
        elif row.type in (ERRAND, VISIT) and row.seen and row.kept:
            key = RESIDENT, row.parent
            at[key] = max(at.get(key, 0), at[row.type, row.id])
    return at


def _op(row: Row, was_touched: bool, was_there: bool) -> str | None:
    """What becomes of a row; nothing of one that nobody can have held."""
    if not row.seen:
        return REVOKE if was_touched and row.type in REVOCABLE else None
    if row.kept:
        return PUT
    if row.type in (RESIDENT, FILE) or was_touched and was_there:
        return DELETE
    return None


def after(found: list[Change], seq: int, place: tuple[int, str] | None) -> list[Change]:
    """What of the changes is not told yet, where those of the entry after ``seq`` were told up to ``place``."""
    return found if place is None else [change for change in found if change[:3] > (seq + 1, *place)]
