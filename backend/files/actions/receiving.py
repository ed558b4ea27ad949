"""Taking a file in by parts: begun, gone on with after any loss, checked and kept with its last part.

Each part is one transaction and counts whole or not at all. The last part and the file are one: either the file is
there, or the part has not arrived and is sent again. Nothing of what lies between is written down in the ledger.
"""
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core import adjustable, clock, ids, ledger, secrets, sql, vault
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.problems import Problem
from backend.core.transaction import transaction
from backend.files.actions import announcing, intake
from backend.files.models import Upload, UploadChunk
from backend.files.queries import uploads
from backend.files.rules import UnsafeFile, UnsupportedFile, announced
from backend.files.rules import resumable as rules

SUBJECT = "upload"
_ACCOUNT = "SELECT id FROM account WHERE id = ?"
_FILE = "SELECT unit_code FROM file WHERE id = ?"
_AGAIN = """
UPDATE upload SET state = 'arriving', length = ?, received = 0, parts = 0, refusal = NULL, unit_code = ?, made_at = ?,
                  expires_at = ? WHERE id = ?
"""
_ADVANCE = """
UPDATE upload SET received = received + ?, parts = parts + 1, expires_at = ?
WHERE id = ? AND received = ? AND state = 'arriving'
"""
_END = """
UPDATE upload SET received = length, state = ?, refusal = ?, expires_at = ?
WHERE id = ? AND received = ? AND state = 'arriving'
"""
_LAPSE = "UPDATE upload SET state = 'expired', received = 0, parts = 0 WHERE id = ? AND state = 'arriving' " \
    "AND expires_at <= ?"
_DROP_CHUNKS = "DELETE FROM upload_chunk WHERE upload_id = ?"
_DROP = "DELETE FROM upload WHERE id = ?"


def _nothing_kept() -> None:
    """No process remembers the quota."""


adjustable.declare(Adjustable(rules.SETTING, rules.USUAL, rules.check_setting, _nothing_kept))


@transaction
def begin(upload_id: str | None, length: int, *, actor: Actor, now: datetime) -> str:
    """Begin an upload, or find the one that was begun under this id; its id, which will be the file's.

    One that expired or was refused begins anew; one that became a file so long ago that the upload is forgotten is
    complete. FileIdTaken, AnotherLength, QuotaSpent.
    """
    sql.execute(_ACCOUNT + sql.held(), (actor.id,))
    upload_id = upload_id or ids.new(now)
    announcing.check_own([upload_id], actor)
    known = uploads.row(upload_id, now, lock=True)
    if known is not None and known["account_id"] != actor.id:
        raise announced.FileIdTaken()
    if known is not None and known["state"] in (rules.ARRIVING, rules.KEPT):
        if known["length"] != length:
            raise rules.AnotherLength(offset=known["received"], length=known["length"])
        return upload_id
    unit, expires_at = actor.unit_code or "", now + rules.LIFETIME
    row = {"id": upload_id, "account_id": actor.id, "unit_code": unit, "length": length, "made_at": now}
    file = sql.row(_FILE, (upload_id,)) if known is None else None
    if file is not None:
        sql.insert(Upload, **row | file, received=length, state=rules.KEPT, expires_at=now)
        return upload_id
    quota = adjustable.in_force(rules.SETTING, clock.local_date(now))
    rules.check_quota(*uploads.unfinished(actor.id, now), length, quota)
    if known is not None:
        sql.execute(_DROP_CHUNKS, (upload_id,))
        micros = clock.to_micros(now), clock.to_micros(expires_at)
        sql.execute(_AGAIN, (length, unit, *micros, upload_id))
        return upload_id
    sql.insert(Upload, **row, state=rules.ARRIVING, expires_at=expires_at)
    return upload_id


def append(upload_id: str, offset: int, data: bytes, folder: Path, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Add a part that begins at ``offset``; the upload as it is then. With the last one the file is kept.

    NotFound, Gone, WrongOffset, TooLarge; UnsupportedFile or UnsafeFile where the whole is neither photo nor PDF,
    now and whenever it is asked for. Unavailable where the disk does not take it: the part has then not arrived.
    """
    found = uploads.going_on(upload_id, actor=actor, now=now)
    rules.check_part(found, offset, len(data))
    if data and offset + len(data) < found["length"]:
        _keep_part(found, data, actor=actor, now=now)
    elif data:
        _finish(found, data, folder, actor, now)
    return uploads.own(upload_id, actor=actor, now=now)


@transaction
def _keep_part(found: dict[str, Any], data: bytes, *, actor: Actor, now: datetime) -> None:
    chunk_id, expires_at = f"{found['id']}/{found['received']}", clock.to_micros(now + rules.LIFETIME)
    if sql.run(_ADVANCE, (len(data), expires_at, found["id"], found["received"])) == 0:
        raise _moved(found, actor, now)
    sealed = secrets.seal_bytes(data, uploads.place(chunk_id))
    sql.insert(
        UploadChunk, id=chunk_id, upload_id=found["id"], start=found["received"], size=len(data), sealed=sealed
    )


def _moved(found: dict[str, Any], actor: Actor, now: datetime) -> Problem:
    """What there is to say where somebody else, or the same phone a second time, was faster."""
    return rules.WrongOffset(uploads.going_on(found["id"], actor=actor, now=now)["received"])


def _finish(found: dict[str, Any], data: bytes, folder: Path, actor: Actor, now: datetime) -> None:
    try:
        kept, media_type = intake.checked(uploads.content(found["id"]) + data)
    except (UnsupportedFile, UnsafeFile) as refusal:
        _refuse(found, refusal.slug, actor=actor, now=now)
        refusal.headers |= {"Ledger-Receipt": actor.call.receipt} if actor.call.receipt else {}
        raise
    _keep(found, vault.put(folder, kept), media_type, len(kept), actor=actor, now=now)


@transaction
def _keep(
    found: dict[str, Any], sha256: str, media_type: str, size: int, *, actor: Actor, now: datetime
) -> None:
    _end(found, rules.KEPT, None, actor, now)
    intake.enter(sha256, media_type, size, file_id=found["id"], actor=actor, now=now)
    announcing.arrive(found["id"], now)


@transaction
def _refuse(found: dict[str, Any], slug: str, *, actor: Actor, now: datetime) -> None:
    _end(found, rules.REFUSED, slug, actor, now)
    ledger.record(
        "file.refuse", SUBJECT, found["id"], scope=found["unit_code"], fields=("state",), outcome="refused",
        detail={"refusal": slug, "length": found["length"]},
    )


def _end(found: dict[str, Any], state: str, refusal: str | None, actor: Actor, now: datetime) -> None:
    if sql.run(_END, (state, refusal, clock.to_micros(now), found["id"], found["received"])) == 0:
        raise _moved(found, actor, now)
    sql.execute(_DROP_CHUNKS, (found["id"],))


@transaction
def give_up(upload_id: str, *, actor: Actor, now: datetime) -> None:
    """Forget an upload of one's own that has not become a file; NotFound, UploadKept."""
    found = uploads.own(upload_id, actor=actor, now=now, lock=True)
    if found["state"] == rules.KEPT:
        raise rules.UploadKept()
    _drop(upload_id)
    _told("file.give_up", found)


def _drop(upload_id: str) -> None:
    sql.execute(_DROP_CHUNKS, (upload_id,))
    sql.execute(_DROP, (upload_id,))


def _told(action: str, found: dict[str, Any]) -> None:
    ledger.record(
        action, SUBJECT, found["id"], scope=found["unit_code"], fields=("state",),
        detail={"received": found["received"], "length": found["length"]},
    )


@transaction
def lapse(upload_id: str, *, actor: Actor, now: datetime) -> int:
    """Let go of what has arrived of an upload that nobody goes on with; 1, or 0 where somebody does."""
    found = uploads.row(upload_id, now, lock=True)
    if found is None or sql.run(_LAPSE, (upload_id, clock.to_micros(now))) == 0:
        return 0
    sql.execute(_DROP_CHUNKS, (upload_id,))
    _told("file.lapse", found)
    return 1


@transaction
def forget(upload_ids: list[str], *, actor: Actor, now: datetime) -> int:
    """Forget what became of uploads long over; how many. Their files stay."""
    for upload_id in upload_ids:
        _drop(upload_id)
    return len(upload_ids)
