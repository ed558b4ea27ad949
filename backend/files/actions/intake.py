"""Taking a photo or paper in: checked and re-encoded first, then kept, then entered."""
from datetime import datetime
from pathlib import Path

from backend.core import ids, ledger, sql, vault
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.files import rules
from backend.files.actions import pictures
from backend.files.models import File


def checked(data: bytes) -> tuple[bytes, str]:
    """What is kept of the bytes handed in, and its media type; UnsupportedFile, UnsafeFile."""
    media_type = rules.media_type_of(data)
    rules.check_single(data, media_type)
    return (data if media_type == rules.PDF else pictures.encoded(data, media_type)), media_type


def take(data: bytes, folder: Path, *, actor: Actor, now: datetime) -> str:
    """Keep a file handed in; its id. The bytes are on disk before the row is."""
    kept, media_type = checked(data)
    sha256 = vault.put(folder, kept)
    return enter(sha256, media_type, len(kept), actor=actor, now=now)


@transaction
def enter(
    sha256: str, media_type: str, size: int, *, file_id: str | None = None, actor: Actor, now: datetime
) -> str:
    """Enter kept bytes under the actor's unit; the file's id, which a phone may have made."""
    file_id = file_id or ids.new(now)
    unit = actor.unit_code or ""
    sql.insert(File, id=file_id, sha256=sha256, media_type=media_type, size=size, unit_code=unit,
               account_id=actor.id, made_at=now, version=1)
    ledger.record(
        "file.take", "file", file_id, scope=unit, fields=["sha256", "media_type", "size"],
        detail={"sha256": sha256, "media_type": media_type, "size": size},
    )
    return file_id


_APART = "UPDATE file SET unit_code = '', version = version + 1 WHERE id = ? AND account_id = ? AND unit_code <> ''"
_WAY_APART = "UPDATE upload SET unit_code = '' WHERE id = ? AND account_id = ?"


@transaction
def set_apart(file_id: str, *, actor: Actor, now: datetime) -> None:
    """From now on one's own file is no unit's: others read it through what it belongs to, or not at all."""
    if sql.run(_APART, (file_id, actor.id)):
        sql.execute(_WAY_APART, (file_id, actor.id))
        ledger.record("file.set_apart", "file", file_id, fields=["unit_code"])
