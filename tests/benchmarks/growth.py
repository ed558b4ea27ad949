"""Whether reading costs more with so many errands (a million by default) than with 10,000.

    python -m tests.benchmarks.growth [--errands 1000000] [--postgresql] [--rounds 9]

Two databases with the sample district, asked in turn through the WSGI application. Both hold the
same busy village; what differs is the district and the history around it. Four in a hundred errands
are open, residents have five errands each. Printed are the medians, their ratio (median of rounds),
the statements of one request and the rows that each database answers with.
"""
import argparse
import io
import json
import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backend import app as application
from backend import prepare
from backend.core import clock, db, ids, pinyin, secrets, sql
from backend.core.clock import from_micros, to_micros
from backend.errands import rules
from backend.errands.models import Errand
from backend.errands.rules import numbers
from backend.org import rules as tree
from backend.people.models import Resident, ResidentReader
from backend.settings import Settings
from tests import cast
from tests.benchmarks.errands import databases
from tests.conftest import START, FixedClock
from tests.statements import count_statements

SMALL, PER_RESIDENT, OPEN_SHARE, BUSY = 10_000, 5, 0.04, 60
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱胡林郭何罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
GIVEN = "伟芳娜敏静秀英丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香文辉玲红建国华梅志春荣海燕云峰金凤玉珍德福根生宝财水"
KNOWN, KNOWN_PHONE = "王桂香", "13805761234"
DAY = 86_400_000_000
RESIDENT = (
    "id", "township_code", "name", "pinyin", "initials", "id_number_sealed", "id_number_index", "phone_sealed",
    "phone_index", "made_at", "version",
)
READER = ("resident_id", "reader_code", "name", "pinyin", "initials")
ERRAND = (
    "id", "number", "state", "outcome", "item_code", "item_number", "quantity", "unit_code", "township_code",
    "district_code", "resident_id", "channel", "first_receiver_id", "agent_id", "mandate_given_by",
    "mandate_expires_on", "received_at", "accepted_at", "due_at", "order_at", "reminder_at", "yellow_at",
    "provisional", "finished_at", "delivered_at", "closed_at", "result", "trips", "paid_fen", "version",
)


class District:
    """What fills one database: the same chances, and the same people first, at every size."""

    def __init__(self, errands: int) -> None:
        self.errands, self.chance, self.now = errands, random.Random(2), to_micros(START)
        self.agents = dict(sql.execute("SELECT unit_code, id FROM account WHERE role = 'agent'").fetchall())
        self.villages = sorted(self.agents)
        self.items = sql.execute(
            "SELECT item_code, number FROM item_version WHERE state = 'published' ORDER BY id"
        ).fetchall()
        self.serials: dict[tuple[str, int], int] = {}
        self.people: list[tuple[str, str, str, str, str]] = []

    def fill(self) -> None:
        """Residents, their readers and errands, each table in one go."""
        sql.execute("BEGIN")
        for model, names, rows in (
            (Resident, RESIDENT, self._residents()), (ResidentReader, READER, self._readers()),
            (Errand, ERRAND, self._errands()),
        ):
            with sql.indexed_later(model):
                sql.fill(model, names, rows)
        sql.execute("COMMIT")

    def _residents(self) -> Iterator[tuple[Any, ...]]:
        for serial in range(max(BUSY, self.errands // PER_RESIDENT)):
            busy = serial < BUSY
            name = KNOWN if busy else self._name()
            village = cast.VILLAGE if busy else self.chance.choice(self.villages)
            phone = KNOWN_PHONE if serial == 0 else f"139{serial:08d}"
            number = cast.id_number(serial % 1000, f"{1930 + serial // 1000 // 336:04d}"
                                    f"{serial // 1000 % 12 + 1:02d}{serial // 12_000 % 28 + 1:02d}")
            made = self.now - 700 * DAY + serial
            key = ids.new(from_micros(made))
            spoken = pinyin.pinyin_of(name, surname=True), pinyin.initials_of(name, surname=True)
            self.people.append((key, village, name, *spoken))
            yield (
                key, tree.township_of(village), name, *spoken, *_sealed(key, "id_number", number),
                *_sealed(key, "phone", phone), made, 1,
            )

    def _name(self) -> str:
        name = self.chance.choice(SURNAMES) + "".join(self.chance.choices(GIVEN, k=2))
        return name if name != KNOWN else self._name()

    def _readers(self) -> Iterator[tuple[Any, ...]]:
        return ((key, village, *names) for key, village, *names in self.people)

    def _errands(self) -> Iterator[tuple[Any, ...]]:
        for serial in range(self.errands):
            busy = serial < BUSY * 4
            person = self.people[serial % BUSY if busy else self.chance.randrange(BUSY, len(self.people))]
            is_open = serial < BUSY * 2 if busy else self.chance.random() < OPEN_SHARE
            late = serial < BUSY if busy else self.chance.random() < 0.03
            yield self._errand(person[0], person[1], is_open, late)

    def _errand(self, resident: str, village: str, is_open: bool, late: bool) -> tuple[Any, ...]:
        chance, code = self.chance, self.chance.choice(self.items)
        state = chance.choice(rules.OPEN_STATES) if is_open else rules.CLOSED
        if late and is_open:
            state = rules.ACCEPTED
        began = self.now - (int(chance.random() * 18) if is_open else chance.randrange(40, 690)) * DAY
        if late and is_open:
            began -= 30 * DAY
        began += chance.randrange(-20_000, 20_000) * 1_000_000
        accepted = None if state in (rules.REGISTERED, rules.AWAITING) else began + 3_600_000_000
        due = accepted and accepted + chance.choice((7, 14, 28)) * DAY
        ended = state in (rules.COMPLETED, rules.DELIVERED, rules.CLOSED)
        finished = min(due + DAY if late else due - DAY, self.now) if ended and due else None
        agent = self.agents[village]
        return (
            ids.new(from_micros(began)), self._number(village, began), state, "granted" if ended else None, *code, 1,
            village, tree.township_of(village), tree.district_of(village), resident, "counter", agent, agent,
            "signature", "2026-12-31", began, accepted, due, due or to_micros(clock.NEVER),
            due and due - 3 * DAY, due and due - DAY, False, finished, finished,
            finished if state == rules.CLOSED else None, "已办妥" if ended else None, 0, 0, 3,
        )

    def _number(self, village: str, at: int) -> str:
        day = clock.local_date(from_micros(at))
        key = village, day.toordinal()
        self.serials[key] = self.serials.get(key, 0) + 1
        return numbers.number(village, day, self.serials[key])


def _sealed(key: str, name: str, text: str) -> tuple[bytes, bytes]:
    return secrets.seal(text, f"resident|{name}|{key}"), secrets.blind(name, text)


class Side:
    """One of the two databases, and how it is asked."""

    def __init__(self, app: Any, settings: Settings, errands: int) -> None:
        self.app, self.url = app, settings.database_url
        before = clock.monotonic()
        prepare.run(settings, cast.PASSWORD)
        db.connect(self.url)
        sql.execute("SET statement_timeout = 0") if sql.on_postgresql() else None
        if not sql.value("SELECT 1 FROM errand LIMIT 1"):
            District(errands).fill()
        client = app.test_client()
        names = {"agent": cast.AGENT, "township": cast.OFFICE_OF_TOWNSHIP, "supervisor": "supervisor"}
        self.tokens = {role: cast.sign_in(client, name).token for role, name in names.items()}
        self.asked = list(self._requests())
        print(f"{errands:,} errands filled in {clock.monotonic() - before:.0f} s", flush=True)

    def _requests(self) -> Iterator[tuple[str, dict[str, Any]]]:
        number = sql.value("SELECT number FROM errand WHERE unit_code = ? ORDER BY id DESC LIMIT 1", (cast.VILLAGE,))
        one = sql.value("SELECT id FROM errand WHERE number = ?", (number,))
        for role in self.tokens:
            yield f"{role}: work list", self._get(role, "/errands")
            cursor = json.loads(self.ask(self._get(role, "/errands")))["next_cursor"]
            yield f"{role}: page 2", self._get(role, f"/errands?cursor={cursor}")
            for query in ("state=all", "state=closed", "light=red", "light=yellow", f"q={KNOWN}", "q=wangguixiang",
                          "q=wgx", "q=w", "q=wang", "q=wgx&state=all", "q=w&state=all", "q=zzz", "q=000000"):
                yield f"{role}: {query}", self._get(role, f"/errands?{quote(query, safe='=&')}")
            yield f"{role}: q=number", self._get(role, f"/errands?state=all&q={number}")
            yield f"{role}: one errand", self._get(role, f"/errands/{one}")
            yield f"{role}: phone look-up", self._get(role, "/residents/lookups", {"phone": KNOWN_PHONE})

    def _get(self, role: str, path: str, body: Any = None) -> dict[str, Any]:
        method, more = ("GET", {}) if body is None else ("POST", {"json": body})
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        with self.app.test_request_context(f"/api/v1{path}", method=method, headers=headers, **more) as context:
            environ = dict(context.request.environ)
        text = b"" if body is None else json.dumps(body).encode()
        environ = {key: value for key, value in environ.items() if not key.startswith("werkzeug.request")}
        return environ | {"CONTENT_LENGTH": str(len(text)), "body": text}

    def ask(self, asked: dict[str, Any]) -> bytes:
        """The answer's body; AssertionError for anything but 200."""
        statuses: list[str] = []
        environ = asked | {"wsgi.input": io.BytesIO(asked["body"])}
        parts = self.app.wsgi_app(environ, lambda status, *_: statuses.append(status))
        found = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        assert statuses[0].startswith("200"), (statuses, found)
        return found


def measured(side: Side, request: dict[str, Any], seconds: float) -> float:
    """The median of one request in milliseconds, asked again and again for so long."""
    db.connect(side.url)
    for _ in range(3):
        side.ask(request)
    times: list[float] = []
    until = clock.monotonic() + seconds
    while len(times) < 7 or clock.monotonic() < until:
        before = clock.monotonic()
        side.ask(request)
        times.append(1000 * (clock.monotonic() - before))
    return statistics.median(times)


def compare(sides: tuple[Side, Side], rounds: int, seconds: float, only: str) -> None:
    """Ask both in turn, request by request, and print what grew."""
    print(f"{'':34} {'small':>8} {'large':>8}  ratio  statements, rows")
    for (name, *_), *requests in zip(sides[0].asked, *([request for _, request in side.asked] for side in sides)):
        if only not in name:
            continue
        found: list[list[float]] = [[], []]
        for turn in range(rounds):
            for at in (0, 1) if turn % 2 == 0 else (1, 0):
                found[at].append(measured(sides[at], requests[at], seconds))
        counted = [_counted(side, request) for side, request in zip(sides, requests)]
        ratio = statistics.median(large / small for small, large in zip(*found))
        small, large = map(statistics.median, found)
        print(f"{name:34} {small:8.2f} {large:8.2f} {ratio:6.2f}{'!' if ratio > 1.2 else ' '} "
              f"{counted[1][0]}, {counted[0][1]}/{counted[1][1]}", flush=True)


def _counted(side: Side, request: dict[str, Any]) -> tuple[int, int]:
    db.connect(side.url)
    side.ask(request)
    with count_statements() as seen:
        answer = json.loads(side.ask(request))
    return len(seen), len(answer["items"]) if "items" in answer else 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--errands", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.1, help="per request and round")
    parser.add_argument("--only", default="", help="requests whose name holds this")
    parser.add_argument("--folder", help="keep the SQLite databases here, and use them again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(asked.folder or name)
        urls = databases(folder, asked.postgresql)
        every = [
            Settings(folder / at, url or f"sqlite:///{folder}/{at}/daiban.db", key_file=folder / "keys.json")
            for at, url in zip(("small", "large"), urls)
        ]
        every[0].data_dir.mkdir(parents=True, exist_ok=True)
        app = application.create_app(every[0], FixedClock(START + timedelta(minutes=5)))
        sides = Side(app, every[0], SMALL), Side(app, every[1], asked.errands)
        compare(sides, asked.rounds, asked.seconds, asked.only)
        db.disconnect()


if __name__ == "__main__":
    main()
