"""Announcing files that a phone will send when it can; what refers to them need not wait (rules 9)."""
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.files import queries
from backend.files.rules import announced as rules
from backend.org import rules as tree

SUBJECT = "expected_file"
"""Not ``file``: to the phones' feed a file is one that is there."""
_TAKEN = """
SELECT 1 FROM (
    SELECT account_id FROM expected_file WHERE id IN ({marks}) UNION ALL
    SELECT account_id FROM upload WHERE id IN ({marks}) UNION ALL
    SELECT account_id FROM file WHERE id IN ({marks})
) AS known WHERE account_id <> ? LIMIT 1
"""
_THERE = "SELECT id, made_at FROM file WHERE id IN ({})"
_INSERT = """
INSERT INTO expected_file (id, unit_code, township_code, district_code, account_id, media_type, size, state,
                           announced_at, arrived_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_USE = "INSERT INTO expected_use (subject_type, subject_id, file_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_ARRIVED = "UPDATE expected_file SET state = 'arrived', arrived_at = ? WHERE id = ? AND state = 'pending'"


@transaction
def announce(
    files: Sequence[dict[str, Any]], *, subject: tuple[str, str] | None = None, actor: Actor, now: datetime
) -> list[str]:
    """Have these files be expected (``id``, ``media_type``?, ``size``?), for a subject (type, id) or yet for none.

    The ids in their order. Said twice it is as said once. FileIdTaken where an id belongs to somebody else's file.
    """
    wanted = list(dict.fromkeys(each["id"] for each in files))
    if not wanted:
        return []
    there = _there(wanted)
    for each in files:
        _expect(each, there.get(each["id"]), subject, actor, now)
    check_own(wanted, actor)
    for file_id in wanted if subject else ():
        sql.execute(_USE, (*subject, file_id))
    return wanted


def _there(file_ids: list[str]) -> dict[str, int]:
    text = _THERE.format(", ".join("?" * len(file_ids)))
    return {row["id"]: row["made_at"] for row in sql.plain(text, file_ids)}


def _expect(
    told: dict[str, Any], arrived: int | None, subject: tuple[str, str] | None, actor: Actor, now: datetime
) -> None:
    code = actor.unit_code or ""
    state = rules.PENDING if arrived is None else rules.ARRIVED
    made = sql.run(_INSERT, (
        told["id"], code, tree.township_of(code), tree.district_of(code), actor.id, told.get("media_type"),
        told.get("size"), state, clock.to_micros(now), arrived,
    ))
    if made:
        ledger.record(
            "file.announce", SUBJECT, told["id"], scope=code, fields=("state",),
            detail={"media_type": told.get("media_type"), "size": told.get("size"), "subject": subject},
        )


def check_own(file_ids: Sequence[str], actor: Actor) -> None:
    """FileIdTaken where one of these ids is another account's, be it a file, an upload or announced."""
    text = _TAKEN.format(marks=", ".join("?" * len(file_ids)))
    if sql.value(text, (*file_ids, *file_ids, *file_ids, actor.id)):
        raise rules.FileIdTaken()


@transaction
def refer(file_id: str, subject: tuple[str, str], *, actor: Actor, now: datetime) -> bool:
    """Have a subject refer to a file; whether the actor may. One that is still to come is shown as such there."""
    found = queries.visible(file_id, actor)
    if found is not None and found["sha256"] is None:
        sql.execute(_USE, (*subject, file_id))
    return found is not None


def arrive(file_id: str, now: datetime) -> None:
    """Within a transaction: an announced file is there."""
    sql.execute(_ARRIVED, (clock.to_micros(now), file_id))


@transaction
def forget(file_ids: Iterable[str], *, actor: Actor, now: datetime) -> int:
    """Forget that these were announced; how many."""
    wanted = list(file_ids)
    marks = ", ".join("?" * len(wanted))
    sql.execute(f"DELETE FROM expected_use WHERE file_id IN ({marks})", wanted)
    return sql.run(f"DELETE FROM expected_file WHERE id IN ({marks})", wanted)
