"""Where a phone stands in the feed: signed, and good for one database, one reader and 90 days. Pure."""
import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from backend.core.actor import Actor
from backend.core.problems import Gone, Problem, Text

KIND = "changes"
OLDEST_DAYS = 90
_READER = 16


class ResetRequired(Gone):
    """The phone reads everything anew, without a cursor; its outbox stays as it is."""

    slug, title = "reset-required", Text("需要重新同步", "Read everything anew")


class DigestDiffers(Problem):
    """What the phone holds is not what it should; ``differing`` names the types."""

    status, slug, title = 412, "digest-differs", Text("手机数据与系统不一致", "The phone holds something else")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Entries after ``seq`` are still to be read; ``days`` is the window that the phone keeps.

    ``place`` is the rank of a type and an id. During a cold start (``whole``) the snapshot goes on behind it, and
    the changes after ``seq`` follow; else the changes of the next entry are told up to it.
    """

    epoch: str
    reader: str
    seq: int
    days: int
    made_on: date
    whole: bool = False
    place: tuple[int, str] | None = None

    def values(self) -> list[Any]:
        """As a signed cursor holds it."""
        rank, last = self.place or (-1, "")
        return [
            self.epoch, self.reader, self.seq, self.days, self.made_on.toordinal(), int(self.whole), rank, last,
        ]

    def at(self, seq: int, place: tuple[int, str] | None = None, *, whole: bool = False) -> "Cursor":
        """The same, further on."""
        return replace(self, seq=seq, place=place, whole=whole)


def reader_of(actor: Actor) -> str:
    """A short name of what an account may see: another role or unit is another reader."""
    text = "|".join((actor.role, actor.unit_code or "", actor.id))
    return hashlib.sha256(text.encode()).hexdigest()[:_READER]


def of(values: list[Any], actor: Actor, today: date) -> Cursor:
    """The cursor in these values, made today; ResetRequired for another reader's, and for one too old."""
    epoch, reader, seq, days, made, whole, rank, last = values
    if reader != reader_of(actor) or today.toordinal() - made > OLDEST_DAYS:
        raise ResetRequired()
    return Cursor(epoch, reader, seq, days, today, bool(whole), (rank, last) if rank >= 0 else None)


def check_life(cursor: Cursor, epoch: str, head: int) -> None:
    """ResetRequired where the cursor is of another life of the database, or of entries that it has not."""
    if cursor.epoch != epoch or cursor.seq > head:
        raise ResetRequired()


def digest_of(lines: list[str]) -> str:
    """SHA-256 over ``id:version`` lines in order, joined by newlines."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
