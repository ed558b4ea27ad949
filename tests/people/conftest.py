"""A small district with its staff, and a desk from which each of them calls."""
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from backend.core import actor as roles
from backend.core import secrets, sql
from backend.org.models import Department, Unit
from backend.people import queries
from backend.people.actions import accounts
from backend.people.models import Session
from backend.people.rules import hash_password
from tests import crowd

DISTRICT, TOWN, OTHER_TOWN = "331003000000", "331003100000", "331003101000"
VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "331003100200", "331003100201", "331003101200"
PASSWORD = "correct horse 7"

UNITS = {
    DISTRICT: "district", TOWN: "township", OTHER_TOWN: "township",
    VILLAGE: "village", NEXT_VILLAGE: "village", FAR_VILLAGE: "village",
}
STAFF = [
    ("admin", "admin", DISTRICT, None), ("admin2", "admin", DISTRICT, None),
    ("office", "office", DISTRICT, None), ("supervisor", "supervisor", DISTRICT, None),
    ("projects", "project_agent", DISTRICT, None), ("handler", "handler", DISTRICT, "MZ"),
    ("town", "township", TOWN, None), ("town2", "township", OTHER_TOWN, None),
    ("operator", "operator", TOWN, None), ("agent", "agent", VILLAGE, None),
    ("agent2", "agent", NEXT_VILLAGE, None), ("agent3", "agent", FAR_VILLAGE, None),
]


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@dataclass
class Doors:
    """What the edge is given: settings, a clock, and who a token belongs to."""

    settings: Any
    clock: Any
    authenticate = staticmethod(queries.authenticate)


@pytest.fixture
def staff(database: str, password_hash: str, now: Any) -> dict[str, str]:
    """The district's accounts: ids by username."""
    for code, level in UNITS.items():
        sql.insert(Unit, code=code, name=f"单位{code}", level=level, pinyin="danwei", initials="dw",
                   status="planned", version=1)
    sql.insert(Department, code="MZ", name="民政局", version=1, sample=False)
    items = [
        {"username": username, "name": f"员工{username}", "role": role, "unit_code": unit,
         "department_code": department}
        for username, role, unit, department in STAFF
    ]
    accounts.insert_samples(items, password_hash, actor=roles.system("test"), now=now)
    return dict(sql.execute("SELECT username, id FROM account").fetchall())


@dataclass
class Desk:
    """Calls as one account, by a token of its own."""

    client: Any
    token: str | None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        more = {} if body is None else {"json": body}
        return self.client.open("/api/v1" + path, method=method, headers=sent, **more)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        return self.call("POST", path, body, Idempotency_Key=key or uuid.uuid4().hex)

    def put(self, path: str, body: Any = None, match: str = "*") -> Any:
        return self.call("PUT", path, body, If_Match=match)

    def patch(self, path: str, body: Any, match: str = "*") -> Any:
        return self.call("PATCH", path, body, If_Match=match)

    def delete(self, path: str, match: str = "*") -> Any:
        return self.call("DELETE", path, If_Match=match)


@pytest.fixture
def served(app: Any, fixed_clock: Any) -> Any:
    """The application with the routes of people."""
    app.extensions["daiban"] = Doors(app.extensions["daiban"].settings, fixed_clock)
    return app


@pytest.fixture
def stranger(served: Any, staff: dict[str, str]) -> Desk:
    return Desk(served.test_client(), None)


@pytest.fixture
def desk(served: Any, staff: dict[str, str], fixed_clock: Any) -> Callable[[str], Desk]:
    """A signed-in desk of an account by username (signed in by the row, without hashing)."""

    def of(username: str) -> Desk:
        token, now = uuid.uuid4().hex, fixed_clock.now()
        sql.insert(Session, id=str(uuid.uuid4()), token_hash=secrets.hashed(token),
                   account_id=staff[username], made_at=now, expires_at=now + timedelta(days=30), version=1)
        return Desk(served.test_client(), token)

    return of


@pytest.fixture
def acting(staff: dict[str, str]) -> Callable[[str], roles.Actor]:
    """The actor behind a username."""

    def of(username: str) -> roles.Actor:
        row = queries.account(staff[username])
        assert row is not None
        return roles.Actor(row["id"], row["name"], row["role"], row["unit_code"], row["department_code"])

    return of


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Run the same work in several threads at once; what each returned or raised."""

    def run(work: Callable[[int], Any], times: int = 8) -> list[Any]:
        return crowd.at_once(*(partial(work, number) for number in range(times)))

    return run


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements run from here on."""
    seen: list[str] = []
    plain = sql.execute

    def counted(text: str, params: Any = ()) -> Any:
        seen.append(text)
        return plain(text, params)

    monkeypatch.setattr(sql, "execute", counted)
    return seen
