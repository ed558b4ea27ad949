"""What a phone's pulls cost: a cold start of 2,000 rows, 500 changes, an idle poll; beside a large district.

    python -m tests.benchmarks.pull [--errands 200000] [--rows 2000] [--entries 200000] [--postgresql] [--rounds 7]

Printed are medians in milliseconds (of the clock, and of this process's work), statements, and the size of the
answers, plain and gzipped.
"""
import argparse
import gzip
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend import app as application
from backend import prepare
from backend.core import clock, db, ids, secrets, sql
from backend.core.clock import from_micros, to_micros
from backend.core.models import LedgerEntry
from backend.errands.models import Errand, ErrandMaterial, ErrandNote
from backend.org import rules as tree
from backend.people.models import Resident
from backend.settings import Settings
from tests import cast
from tests.benchmarks import growth
from tests.benchmarks.errands import databases
from tests.conftest import START, FixedClock, installed
from tests.statements import count_statements

RESIDENT = (*growth.RESIDENT, "address_sealed")
PAPER = ("errand_id", "position", "name", "required", "may_defer", "received_at")
NOTE = ("id", "errand_id", "account_id", "text", "made_at", "version")
ENTRY = (
    "seq", "recorded_at", "happened_at", "actor", "role", "unit", "device", "action", "subject_type", "subject_id",
    "scope", "outcome", "fields", "commitment", "prev_hash", "hash",
)
PAPERS = ("申请书", "户口簿", "身份证", "困难情形证明")


class Village:
    """The agent's own: as many errands, each of a resident, as make the rows; a note on every tenth."""

    def __init__(self, district: growth.District, rows: int) -> None:
        self.district = district
        self.count, self.now = rows * 10 // 21, to_micros(START)
        self.errands: list[str] = []

    def fill(self) -> None:
        """Residents, errands, papers and notes."""
        sql.execute("BEGIN")
        people = list(self._residents())
        sql.fill(Resident, RESIDENT, people)
        cases = [
            self.district._errand(person[0], cast.VILLAGE, serial % 20 > 0, False)
            for serial, person in enumerate(people)
        ]
        cases = [case if case[2] != "closed" else self._lately(case) for case in cases]
        sql.fill(Errand, growth.ERRAND, cases)
        self.errands = [case[0] for case in cases]
        sql.fill(ErrandMaterial, PAPER, (
            (errand_id, place, name, True, False, self.now) for errand_id in self.errands
            for place, name in enumerate(PAPERS)
        ))
        agent = self.district.agents[cast.VILLAGE]
        sql.fill(ErrandNote, NOTE, (
            (ids.new(START), errand_id, agent, "已电话联系，下周补材料", self.now, 1)
            for errand_id in self.errands[::10]
        ))
        sql.execute("COMMIT")

    def _lately(self, case: tuple[Any, ...]) -> tuple[Any, ...]:
        found = dict(zip(growth.ERRAND, case))
        found |= dict.fromkeys(("finished_at", "delivered_at", "closed_at"), self.now - 9 * growth.DAY)
        return tuple(found.values())

    def _residents(self) -> Iterator[tuple[Any, ...]]:
        for serial in range(self.count):
            key = ids.new(START)
            number = cast.id_number(serial % 1000, f"19{30 + serial // 1000}0505")
            address = secrets.seal(f"百花社区{serial}号东城路旁", f"resident|address|{key}")
            yield (
                key, cast.TOWNSHIP, self.district._name(), "wang", "w", *growth._sealed(key, "id_number", number),
                *growth._sealed(key, "phone", f"137{serial:08d}"), self.now, 1, address,
            )


def entries(first: int, count: int, villages: list[str], errands: list[str], chance: random.Random) -> None:
    """So many entries of the ledger about these errands (or others nobody looks at), as far as reading needs them."""
    now = to_micros(START)
    sql.execute("BEGIN")
    sql.fill(LedgerEntry, ENTRY, (
        (
            seq, now, now, "a", "agent", village, "", "errand.note" if seq % 7 == 0 else "errand.materials", "errand",
            chance.choice(errands), village, "done", "", b"c" * 32, b"p" * 32, b"h" * 32,
        ) for seq, village in ((seq, chance.choice(villages)) for seq in range(first, first + count))
    ))
    sql.execute("UPDATE ledger_head SET seq = ? WHERE id = 1", (first + count - 1,))
    sql.execute("COMMIT")


def pulled(
    caller: cast.Caller, cursor: str | None, limit: int = 500
) -> tuple[float, float, int, list[bytes], Any]:
    """Milliseconds of both kinds, the most statements of a page, the pages, the last answer, of a pull to the end."""
    before, worked, pages, most = clock.monotonic(), time.process_time(), [], 0
    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        with count_statements() as seen:
            given = caller.get("/sync/changes", query_string=asked)
        assert given.status_code == 200, given.get_data(as_text=True)
        most = max(most, len(seen))
        pages.append(given.get_data())
        cursor = given.json["cursor"]
        if not given.json["has_more"]:
            spent = 1000 * (clock.monotonic() - before), 1000 * (time.process_time() - worked)
            return *spent, most, pages, given.json


def told(name: str, caller: cast.Caller, cursor: str | None, rounds: int) -> Any:
    """Print what such a pull costs; the last answer."""
    times = []
    for _ in range(rounds):
        *spent, most, pages, answer = pulled(caller, cursor)
        times.append(spent)
    plain, packed = sum(map(len, pages)), sum(len(gzip.compress(page, 6)) for page in pages)
    spent, worked = map(statistics.median, zip(*times))
    print(f"{name:22} {spent:8.1f} ms ({worked:7.1f})  {len(pages)} pages  {most} statements at most  "
          f"{plain / 1024:8.1f} KB  {packed / 1024:7.1f} KB gzipped", flush=True)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, usual in (("errands", 200_000), ("entries", 200_000), ("rows", 2000), ("rounds", 7)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    keys = folder / "keys.json"
    secrets.make_key_file(keys)
    secrets.load(keys)
    url = databases(folder, asked.postgresql)[0] or f"sqlite:///{folder}/pull.db"
    settings = Settings(folder, url, key_file=keys)
    app = application.create_app(settings)
    prepare.run(settings, cast.PASSWORD)
    installed(app, url, FixedClock(), keys, folder)
    district = growth.District(asked.errands)
    district.fill()
    village = Village(district, asked.rows)
    village.fill()
    chance, first = random.Random(3), int(sql.value("SELECT seq FROM ledger_head WHERE id = 1")) + 1
    villages = village.district.villages
    entries(first, asked.entries, villages, [ids.new(from_micros(n)) for n in range(1000)], chance)
    callers = {who: cast.sign_in(app.test_client(), who) for who in (cast.AGENT, cast.OFFICE_OF_TOWNSHIP)}
    print(f"{asked.errands:,} errands, {asked.entries:,} entries, {'PostgreSQL' if sql.on_postgresql() else 'SQLite'}")
    agent = callers[cast.AGENT]
    told("cold start, first ever", agent, None, 1)
    began = told("cold start", agent, None, asked.rounds)
    at = began["cursor"]
    told("idle poll", agent, at, asked.rounds * 5)
    first = int(sql.value("SELECT seq FROM ledger_head WHERE id = 1")) + 1
    entries(first, 500, [cast.VILLAGE], village.errands[:400], chance)
    told("500 entries", agent, at, asked.rounds)
    office = told("office's cold start", callers[cast.OFFICE_OF_TOWNSHIP], None, 3)
    told("office's idle poll", callers[cast.OFFICE_OF_TOWNSHIP], office["cursor"], asked.rounds)
    first = int(sql.value("SELECT seq FROM ledger_head WHERE id = 1")) + 1
    neighbours = [code for code in villages if tree.township_of(code) == cast.TOWNSHIP and code != cast.VILLAGE]
    entries(first, asked.entries // 10, neighbours, [ids.new(START)], chance)
    at = told("over others' entries", agent, at, 1)["cursor"]
    told("idle again", agent, at, asked.rounds)
    db.disconnect()


if __name__ == "__main__":
    main()
