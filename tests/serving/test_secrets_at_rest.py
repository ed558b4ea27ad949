"""After a whole story nothing personal lies in plain in the database, its log, a backup or the server's log."""
import subprocess
import sys
import zipfile
from io import BytesIO
from typing import Any

import psycopg
import pytest

from tests import cast
from tests.errands import paper
from tests.server import ROOT, Server

ID, OTHER_ID = cast.id_number(77, "19411005"), cast.id_number(78, "19520606")
PHONE, NEW_PHONE, WRONG_PHONE = "13757612098", "13857643217", "13957699999"
ADDRESS, NEW_ADDRESS = "黄岩区百花社区石榴巷七十七号", "黄岩区百花社区桂花弄九十九号"
PAPER_ID, PAPER_PHONE, PAPER_ADDRESS = cast.id_number(79, "19360708"), "13757698765", "黄岩区百花社区枇杷弄五十五号"
SECRETS = [
    PAPER_ID, PAPER_PHONE, PAPER_ADDRESS, "枇杷弄", ID, OTHER_ID, PHONE, NEW_PHONE, WRONG_PHONE, ADDRESS, NEW_ADDRESS,
    "石榴巷", "桂花弄",
]
REASON = "核对银行卡号时需要"


class Desk:
    def __init__(self, server: Server, username: str) -> None:
        self.server, self.token, self.key = server, server.token(username), 0
        self.headers: list[str] = []

    def ask(self, method: str, path: str, body: Any = None, expected: int = 200) -> Any:
        self.key += 1
        answer = self.server.ask(
            method, f"/api/v1{path}", body, Authorization=f"Bearer {self.token}", If_Match="*",
            Idempotency_Key=f"story-key-{self.key:04d}",
        )
        assert answer.status == expected, answer.data
        self.headers += [str(answer.headers)]
        if "full-view" not in path:
            assert not spoken(answer.data), path
        return answer.json


def spoken(data: bytes) -> list[str]:
    return [
        secret for secret in SECRETS if secret.encode() in data or secret.encode().hex().encode() in data
    ]


def story(server: Server) -> list[str]:
    desk = Desk(server, cast.AGENT)
    body = cast.errand(resident={"name": "石榴花", "id_number": ID, "phone": PHONE, "address": ADDRESS})
    case = desk.ask("POST", "/errands", body, 201)
    path = f"/errands/{case['id']}"
    resident = f"/residents/{case['resident']['id']}"
    desk.ask("PUT", f"{path}/acceptance")
    for lookup in ({"id_number": ID}, {"phone": PHONE}, {"id_number": OTHER_ID}):
        desk.ask("POST", "/residents/lookups", lookup)
    desk.ask("PATCH", resident, {"phone": NEW_PHONE, "address": NEW_ADDRESS})
    desk.ask("POST", f"{resident}/full-view", {"reason": REASON}, 201)
    desk.ask("POST", "/errands", body | {"quantity": "x"}, 422)
    twin = {"name": "桂花", "id_number": OTHER_ID, "phone": WRONG_PHONE}
    other = desk.ask("POST", "/errands", cast.errand(resident=twin), 201)
    desk.ask("PATCH", f"/residents/{other['resident']['id']}", {"id_number": ID}, 409)
    posted = f"/errands/{other['id']}"
    desk.ask("PUT", f"{posted}/acceptance")
    desk.ask("PUT", f"{posted}/completion", {"outcome": "granted", "result": "已批准"})
    desk.ask("PUT", f"{posted}/delivery", {"method": "posted", "received_by": "桂花"})
    desk.ask("PUT", f"{path}/completion", {"outcome": "granted", "result": "已批准"})
    desk.ask("PUT", f"{path}/delivery", {"method": "brought", "received_by": "石榴花"})
    desk.ask("PUT", f"{path}/closing")
    registers(desk)
    for read in (path, f"{path}/events", resident, "/residents?q=shi", "/errands?state=all&limit=1"):
        desk.ask("GET", read)
    for digits in (NEW_PHONE[-4:], "0000"):
        server.ask("POST", "/api/v1/progress", {"number": case["number"], "phone_last4": digits})
    figures = server.ask("GET", "/metrics")
    return [*desk.headers, figures.data.decode()]


def registers(desk: Desk) -> None:
    """Two paper registers, one of them confirmed, one with a wrong line; and the register handed out."""
    for serial, changes in ((1, {}), (2, {}), (3, {"received": PAPER_PHONE, "number": PAPER_ID * 3})):
        person = {"name": "枇杷", "id_number": PAPER_ID, "phone": PAPER_PHONE, "address": PAPER_ADDRESS}
        body, kind = paper.multipart(paper.book(paper.line(serial, **(person | changes))))
        made = desk.server.send(
            "POST", "/api/v1/errands/imports", body, Authorization=f"Bearer {desk.token}", Content_Type=kind,
            Idempotency_Key=f"register-{serial}",
        )
        assert made.status == 201 and not spoken(made.data), made.data
        if serial == 1:
            desk.ask("PUT", f"/errands/imports/{made.json['id']}/confirmation")
    handed = desk.server.ask("GET", "/api/v1/errands/export.xlsx", Authorization=f"Bearer {desk.token}")
    assert handed.status == 200
    with zipfile.ZipFile(BytesIO(handed.data)) as archive:
        assert not any(spoken(archive.read(name)) for name in archive.namelist())


def dumped(server: Server) -> bytes:
    """Every row of every table, as PostgreSQL would dump it."""
    out = b""
    with psycopg.connect(server.url or "") as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT') as rows:  # type: ignore[arg-type]
                out += b"".join(bytes(row) for row in rows)
    return out


@pytest.fixture
def told(server):
    """The story told on a server that logs all it can, and what its answers' headers said."""
    server.env["DAIBAN_LOG_LEVEL"] = "DEBUG"
    server.start()
    return story(server)


def test_no_number_phone_or_address_is_found_in_plain(server, told, tmp_path):
    running = [path for path in server.folder.rglob("*") if path.is_file()]
    wal = {path.name: path.read_bytes() for path in running}
    backup = tmp_path / "backups"
    backup.mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "backend.cli", "backup", str(backup)], cwd=ROOT, env=server.env,
        capture_output=True, text=True, check=False,
    )
    assert made.returncode == 0, made.stderr
    assert server.stop() == 0
    wal |= {f"stopped/{path.name}": path.read_bytes() for path in server.folder.rglob("*") if path.is_file()}
    wal |= {f"backup/{path.name}": path.read_bytes() + path.name.encode() for path in backup.rglob("*")
            if path.is_file()}
    wal |= {"log": server.log().encode(), "command": (made.stdout + made.stderr).encode(),
            "headers": "".join(told).encode()}
    if server.url:
        wal["dump"] = dumped(server)
        assert "石榴花".encode() in wal["dump"]
    else:
        assert any("石榴花".encode() in data for data in wal.values())
    assert {name: spoken(data) for name, data in wal.items() if spoken(data)} == {}
    assert {name for name, data in wal.items() if REASON.encode() in data} == set()
