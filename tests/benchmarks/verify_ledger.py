"""How long ``verify`` takes over so many entries (a million by default) on SQLite or PostgreSQL.

Run by hand: ``python -m tests.benchmarks.verify_ledger [entries] [database address]``.
"""
import hashlib
import os
import resource
import sys
import tempfile
from pathlib import Path

import orjson

from backend import schema
from backend.core import clock, db, ledger, secrets, sql, verification
from backend.core.models import LedgerDetail, LedgerEntry

LOT = 500


def fill(entries: int) -> None:
    """Write entries as the product does, many to a transaction."""
    seq, last = ledger.head()
    at = clock.to_micros(clock.SystemClock().now())
    while seq < entries:
        sql.execute("BEGIN")
        for _ in range(20):
            rows, details = [], []
            for _ in range(LOT):
                seq += 1
                salt = os.urandom(16)
                text = orjson.dumps({"name": f"材料{seq}", "state": ["registered", "accepted"]})
                columns = (
                    seq, at, at, "0198c5a0-0000-7000-8000-000000000001", "agent", "331003001001", "",
                    "errand.accept", "errand", f"0198c5a0-0000-7000-8000-{seq:012d}",
                    "331003001001", "done", "state,due_on",
                    hashlib.sha256(salt + text).digest(),
                )
                names = list(LedgerEntry._meta.fields)[:14]
                row = dict(zip(names, columns)) | {"prev_hash": last}
                row["hash"] = last = ledger.chained(last, columns)
                rows.append(row)
                sealed = secrets.seal(text.decode(), f"ledger_detail|sealed|{seq}")
                details.append({"seq": seq, "salt": salt, "sealed": sealed})
            sql.insert_many(LedgerEntry, rows)
            sql.insert_many(LedgerDetail, details)
        sql.execute("UPDATE ledger_head SET seq = ?, hash = ?", (seq, last))
        sql.execute("COMMIT")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/book.db"
        secrets.make_key_file(Path(folder) / "keys.json")
        secrets.load(Path(folder) / "keys.json")
        db.connect(url)
        schema.upgrade()
        fill(entries)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = clock.monotonic()
        result = verification.verify()
        seconds = clock.monotonic() - started
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        db.disconnect()
    print(f"{result.message}: {seconds:.1f} s, memory grew by {grown // 1024} MB")


if __name__ == "__main__":
    main()
