"""The phones' change feed: a cold start by pages, then the ledger's entries in the order of commits (rules 9)."""
from datetime import datetime
from typing import Any

from backend.core import clock, paging
from backend.core.actor import Actor
from backend.sync.actions import declared, reading
from backend.sync.queries import budgets, entries, epochs, holding, rows
from backend.sync.queries.showing import Showing
from backend.sync.rules import cursors, merging, window
from backend.sync.rules.cursors import Cursor
from backend.sync.rules.merging import PUT, Change, Row

__all__ = ["declared", "digest", "page"]
Found = dict[str, Any]


def page(cursor: str | None, limit: int = window.USUAL_CHANGES, *, actor: Actor, now: datetime) -> Found:
    """The next page of changes: ``changes``, ``cursor``, ``has_more``, ``server_time``; at first the ``budget`` too.

    Without a cursor all that the phone should hold, page by page, then what changed since. Invalid for a cursor
    that is none of ours, ResetRequired for one of another database, reader or time. Residents given in full for the
    first time are entered in the ledger, in a transaction of its own, before they are shown.
    """
    if cursor is None:
        at, told = begun(actor, now)
        return _whole(at, at.seq, limit, actor, now) | {"budget": told}
    at = _read(cursor, actor, now)
    return _whole(at, None, limit, actor, now) if at.whole else _since(at, limit, actor, now)


def begun(actor: Actor, now: datetime) -> tuple[Cursor, Found]:
    """Where a phone without a cursor begins, and its budget: the longest window whose rows are within it."""
    today = clock.local_date(now)
    spans = {days: window.bounds(days, today) for days in window.SPANS}
    seq, epoch, counts = holding.counted(actor, spans)
    most = budgets.most(today)
    days = window.fitting(counts, most)
    told = window.budget(counts[window.SPANS.index(days)], most, days)
    return Cursor(epoch, cursors.reader_of(actor), seq, days, today, whole=True), told


def _read(cursor: str, actor: Actor, now: datetime) -> Cursor:
    return cursors.of(paging.values_of(cursors.KIND, cursor), actor, clock.local_date(now))


def _whole(at: Cursor, head: int | None, limit: int, actor: Actor, now: datetime) -> Found:
    """A page of a cold start; ``head`` where it is known already."""
    if head is None:
        head, epoch = epochs.head()
        cursors.check_life(at, epoch, head)
    bounds = window.bounds(at.days, at.made_on)
    found = rows.snapshot(actor, bounds, at.place or (-1, ""), limit + 1)
    kept = found[:limit]
    changes = [Change(at.seq, window.TYPES.index(row.type), row.id, row.type, PUT, row) for row in kept]
    if len(found) > limit:
        return _answer(changes, at.at(at.seq, changes[-1][1:3], whole=True), True, actor, now)
    return _answer(changes, at.at(at.seq), head > at.seq, actor, now)


def _since(at: Cursor, limit: int, actor: Actor, now: datetime) -> Found:
    """A page of changes after a cursor."""
    head, epoch, heard = entries.after(at.seq, limit + 1, actor=actor)
    cursors.check_life(at, epoch, head)
    if not heard:
        return _answer([], at.at(head), False, actor, now)
    kept, more = heard[:limit], len(heard) > limit
    found = rows.touched(actor, window.bounds(at.days, at.made_on), merging.touched(kept))
    changes = merging.after(merging.changes(kept, found), at.seq, at.place)
    if len(changes) > limit:
        last = changes[limit - 1]
        return _answer(changes[:limit], at.at(last.seq - 1, last[1:3]), True, actor, now)
    return _answer(changes, at.at(kept[-1].seq if more else head), more, actor, now)


def _answer(changes: list[Change], at: Cursor, more: bool, actor: Actor, now: datetime) -> Found:
    put = [change.row for change in changes if change.op == PUT and change.row is not None]
    showing = Showing(put, at.days, actor=actor, now=now)
    told = [_told(change, showing) for change in changes]
    if showing.full:
        reading.enter(showing.full, actor=actor, now=now)
    return {
        "changes": told, "cursor": paging.cursor_of(cursors.KIND, at.values()), "has_more": more, "server_time": now,
    }


def _told(change: Change, showing: Showing) -> Found:
    row: Row | None = change.row if change.op == PUT else None
    return {
        "seq": change.seq, "type": change.type, "id": change.id, "op": change.op,
        "version": row.version if row else None, "data": showing.data(row) if row else None,
    }


def digest(buckets: dict[str, str], cursor: str | None, *, actor: Actor, now: datetime) -> Found:
    """The ``budget``, where what the phone holds of each type is what it should; DigestDiffers names the others.

    With a cursor by the window that stands in it, else by that of a cold start.
    """
    if cursor is None:
        at, told = begun(actor, now)
    else:
        at = _read(cursor, actor, now)
        head, epoch = epochs.head()
        cursors.check_life(at, epoch, head)
    held = holding.versions(actor, window.bounds(at.days, at.made_on))
    if cursor is not None:
        told = window.budget(sum(map(len, held.values())), budgets.most(at.made_on), at.days)
    differing = window.differing(buckets, {kind: cursors.digest_of(lines) for kind, lines in held.items()})
    if differing:
        raise cursors.DigestDiffers(differing=differing, budget=told)
    return {"budget": told}
