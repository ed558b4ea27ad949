"""What a phone keeps, in one SQLite file: the rows it holds, its outbox, its photos, and how far it has read.

Each method is one transaction. That is all that is needed to survive death at any moment: what an answer brought and
the cursor that stands behind it are written together, and an operation is in the outbox before anybody is told that
it was noted.
"""
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.phone.death import immortal

KEPT_PHOTOS = 100
"""So many photos stay after they arrived, for a server that came back from a backup and lacks them."""
PHOTOS_AGAIN = "UPDATE photo SET state = 'waiting', place = NULL WHERE state = 'kept' AND content IS NOT NULL"
SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS held (
  type TEXT, id TEXT, version INTEGER, seq INTEGER, data TEXT, PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS outbox (
  n INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, entity_id TEXT, body TEXT, size INTEGER,
  status TEXT, problem TEXT, data TEXT, receipt TEXT, done_on TEXT);
CREATE INDEX IF NOT EXISTS outbox_entity ON outbox (entity_id, n);
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (n) WHERE status IS NULL;
CREATE TABLE IF NOT EXISTS photo (
  id TEXT PRIMARY KEY, media_type TEXT, content BLOB, place TEXT, state TEXT);
"""
TYPES = ("errand", "resident", "visit", "appointment", "note", "file")
KEPT_DONE, KEPT_DAYS = 2000, 150
"""So many acknowledged operations stay, and so long, for a server that came back from a backup and asks for them again.

After 180 days it knows them no longer by their ids: what came again then would be done again.
"""


class Store:
    """The phone's file. ``step`` is called where dying would hurt most."""

    def __init__(self, path: Path, step: Any = immortal) -> None:
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.row_factory = sqlite3.Row
        self.base.executescript(SCHEMA)
        self.step = step

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield self.base
            self.step("before commit")
        except BaseException:
            self.base.execute("ROLLBACK")
            raise
        self.base.execute("COMMIT")
        self.step("after commit")

    def close(self) -> None:
        """Let go of the file."""
        self.base.close()

    def fact(self, name: str, default: Any = None) -> Any:
        """Something remembered: token, device_id, epoch, cursor, today, budget."""
        found = self.base.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return default if found is None else json.loads(found[0])

    def remember(self, **facts: Any) -> None:
        """Remember things; None forgets one."""
        with self.writing():
            self._remember(facts)

    def _remember(self, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            self.base.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))

    # ---- the outbox: what was done here and is not yet there

    def put(self, mutation: dict[str, Any], photos: Iterable[tuple[str, str, bytes]] = ()) -> dict[str, Any]:
        """Give the operation the next number and keep it; with its photos, or not at all."""
        with self.writing():
            n = self.fact("next_n", 1)
            numbered = {"n": n, **mutation}
            text = json.dumps(numbered, ensure_ascii=False)
            self.base.execute(
                "INSERT INTO outbox (n, id, type, entity_id, body, size) VALUES (?, ?, ?, ?, ?, ?)",
                (n, mutation["id"], mutation["type"], mutation["entity_id"], text, len(text.encode())),
            )
            self._remember({"next_n": n + 1})
            for photo in photos:
                self.base.execute("INSERT INTO photo VALUES (?, ?, ?, NULL, 'waiting')", photo)
        return numbered

    def waiting(self, most: int, most_bytes: int) -> list[dict[str, Any]]:
        """The next operations to send, in order, as many as fit; one at least."""
        found: list[dict[str, Any]] = []
        room = most_bytes
        for row in self.base.execute(
            "SELECT body, size FROM outbox WHERE status IS NULL ORDER BY n LIMIT ?", (most,)
        ):
            room -= row["size"] + 2
            if found and room < 0:
                break
            found.append(json.loads(row["body"]))
        return found

    def count_waiting(self) -> int:
        """How many operations nobody has acknowledged yet."""
        return int(self.base.execute("SELECT count(*) FROM outbox WHERE status IS NULL").fetchone()[0])

    def settle(self, results: list[dict[str, Any]], today: str) -> None:
        """What became of operations, on the server's ``today``; of a ``duplicate``, what became of it at first."""
        with self.writing():
            for result in results:
                self.base.execute(
                    "UPDATE outbox SET status = ?, problem = ?, data = ?, receipt = COALESCE(?, receipt), "
                    "done_on = COALESCE(done_on, ?) WHERE n = ? AND id = ?",
                    (result.get("first", result["status"]), _text(result.get("problem")), _text(result.get("data")),
                     result.get("receipt"), today, result["n"], result["id"]),
                )
            self.base.execute(
                "DELETE FROM outbox WHERE done_on < date(?, ?) OR status IN ('applied', 'merged', 'duplicate') "
                "AND n <= (SELECT max(n) FROM outbox) - ?", (today, f"-{KEPT_DAYS} days", KEPT_DONE),
            )

    def send_again(self, expected: int) -> bool:
        """The server expects an earlier number than ours: it came back from a backup. Whether we still have it."""
        with self.writing():
            first = self.base.execute("SELECT 1 FROM outbox WHERE n = ?", (expected,)).fetchone()
            if first is not None:
                self.base.execute("UPDATE outbox SET status = NULL WHERE n >= ?", (expected,))
        return first is not None

    def renumber(self, device_id: str, epoch: str) -> None:
        """A new device to the server, which has nothing of ours: all that is kept waits, numbered from 1; ids stay."""
        with self.writing():
            rows = self.base.execute("SELECT n, body FROM outbox ORDER BY n").fetchall()
            for n, row in enumerate(rows, 1):
                body = json.dumps(json.loads(row["body"]) | {"n": n}, ensure_ascii=False)
                self.base.execute(
                    "UPDATE outbox SET n = ?, body = ?, status = NULL WHERE n = ?", (n, body, row["n"])
                )
            self._remember({"device_id": device_id, "epoch": epoch, "next_n": len(rows) + 1, "device_key": None})

    def operations(self) -> list[dict[str, Any]]:
        """All operations that are still kept, each with what became of it."""
        rows = self.base.execute("SELECT n, id, type, entity_id, body, status, problem, data FROM outbox ORDER BY n")
        return [dict(row) | {"body": json.loads(row["body"])} for row in rows]

    def made(self, operation: str) -> list[dict[str, Any]]:
        """What was made here by an operation, those refused left out."""
        rows = self.base.execute(
            "SELECT n, entity_id FROM outbox WHERE type = ? AND (status IS NULL OR status <> 'rejected') ORDER BY n",
            (operation,),
        )
        return [dict(row) for row in rows]

    def promised(self) -> set[str]:
        """The leases on which something was promised here, whatever became of it."""
        rows = self.base.execute(
            "SELECT json_extract(body, '$.set.lease_id') AS lease FROM outbox WHERE type = 'appointment.book'"
        )
        return {row["lease"] for row in rows}

    def touching(self, entity_id: str) -> list[dict[str, Any]]:
        """The operations on one thing, in order, those that were refused left out."""
        rows = self.base.execute(
            "SELECT body, data FROM outbox WHERE entity_id = ? AND (status IS NULL OR status <> 'rejected') "
            "ORDER BY n", (entity_id,),
        )
        return [json.loads(row["body"]) | {"data": row["data"] and json.loads(row["data"])} for row in rows]

    # ---- what the server has told

    def take(self, page: dict[str, Any], asked_with: str | None) -> bool:
        """Take a page of changes and its cursor together; False for an answer to a question we no longer ask."""
        with self.writing():
            if self.fact("cursor") != asked_with:
                return False
            for change in page["changes"]:
                self._take(change)
            self._remember({"cursor": page["cursor"]})
            if "server_time" in page:
                self._remember({"today": page["server_time"][:10]})
            if page.get("budget"):
                self._remember({"budget": page["budget"]})
        return True

    def _take(self, change: dict[str, Any]) -> None:
        key = (change["type"], change["id"])
        if change["op"] != "put":
            self.base.execute("DELETE FROM held WHERE type = ? AND id = ?", key)
            return
        self.base.execute(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?) ON CONFLICT (type, id) DO UPDATE SET "
            "version = excluded.version, seq = excluded.seq, data = excluded.data",
            (*key, change["version"], change["seq"], json.dumps(change["data"], ensure_ascii=False)),
        )

    def forget(self) -> None:
        """Drop what the server told, to be told anew, and greet anew. The outbox and the photos are ours: they stay."""
        with self.writing():
            # a server that came back from a backup may lack photos that had arrived: those still here are begun again
            self.base.execute(PHOTOS_AGAIN)
            self.base.execute("DELETE FROM held")
            self._remember({"cursor": None, "greeted": None})

    def tidy(self) -> None:
        """Drop what need not be held any longer, by the server's date: the phone's own may be wrong."""
        today = self.fact("today")
        if today is None:
            return
        with self.writing():
            self.base.execute("DELETE FROM held WHERE json_extract(data, '$.keep_until') < ?", (today,))
            self.base.execute(
                "DELETE FROM held WHERE type = 'note' AND NOT EXISTS (SELECT 1 FROM held e WHERE e.type = 'errand' "
                "AND e.id = json_extract(held.data, '$.errand_id'))"
            )
            self.base.execute(
                "DELETE FROM held WHERE type = 'resident' AND NOT EXISTS (SELECT 1 FROM held e WHERE e.type IN "
                "('errand', 'visit') AND json_extract(e.data, '$.resident.id') = held.id)"
            )

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """What is held of a type."""
        found = self.base.execute("SELECT id, version, data FROM held WHERE type = ? ORDER BY id", (kind,))
        return [{"id": row["id"], "version": row["version"], "data": json.loads(row["data"])} for row in found]

    def row(self, kind: str, row_id: str) -> dict[str, Any] | None:
        """One row as the server told it last."""
        found = self.base.execute("SELECT version, data FROM held WHERE type = ? AND id = ?", (kind, row_id)).fetchone()
        return None if found is None else {"version": found["version"], "data": json.loads(found["data"])}

    def ids(self, kind: str) -> list[str]:
        """The ids of what is held of a type."""
        return [row["id"] for row in self.base.execute("SELECT id FROM held WHERE type = ? ORDER BY id", (kind,))]

    def count_held(self) -> int:
        """How many rows are held."""
        return int(self.base.execute("SELECT count(*) FROM held").fetchone()[0])

    def digest(self) -> dict[str, str]:
        """Per type SHA-256 over the sorted lines ``id:version``: by this the server sees whether we hold the same."""
        buckets = {}
        for kind in TYPES:
            rows = self.base.execute("SELECT id, version FROM held WHERE type = ?", (kind,))
            lines = sorted(f"{row['id']}:{row['version']}" for row in rows)
            buckets[kind] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return buckets

    # ---- photos

    def photo_states(self) -> list[list[str]]:
        """What became of each photo."""
        return [[row["id"], row["state"]] for row in self.base.execute("SELECT id, state FROM photo ORDER BY id")]

    def photos(self) -> list[sqlite3.Row]:
        """Photos that the server does not have yet, in the order in which they were taken."""
        return self.base.execute("SELECT * FROM photo WHERE state = 'waiting' ORDER BY rowid").fetchall()

    def photo_is(self, photo_id: str, *, place: str | None = None, state: str = "waiting") -> None:
        """Where a photo is sent to, or that it is done with (``kept``, ``refused``)."""
        with self.writing():
            self.base.execute(
                "UPDATE photo SET place = COALESCE(?, place), state = ? WHERE id = ?", (place, state, photo_id)
            )
            self.base.execute(
                "UPDATE photo SET content = NULL WHERE state = 'kept' AND rowid <= (SELECT max(rowid) FROM photo) - ?",
                (KEPT_PHOTOS,),
            )


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
