"""A catalogue to test with: an admin, departments, the sample file, and the edge signed in by name."""
from types import SimpleNamespace

import pytest

from backend.catalogue.actions import drafting, importing, publishing
from backend.core import actor as actors
from backend.core import db, sql
from backend.core.actor import Actor
from backend.org.models import Department
from tests.catalogue import SAMPLE, body_of

PEOPLE = {
    "admin": Actor(id="a-admin", name="管理员", role=actors.ADMIN, unit_code="331003000000"),
    "agent": Actor(id="a-agent", name="代办员", role=actors.AGENT, unit_code="331003001001"),
}


@pytest.fixture
def admin() -> Actor:
    return PEOPLE["admin"]


@pytest.fixture
def agent() -> Actor:
    return PEOPLE["agent"]


@pytest.fixture
def departments(database):
    sql.insert_many(Department, [
        {"code": "MZ", "name": "民政局", "sample": False, "version": 1},
        {"code": "RS", "name": "人力社保局", "sample": False, "version": 1},
    ])


@pytest.fixture
def sample(database, admin, now):
    """The sample catalogue, imported."""
    return importing.import_catalogue(SAMPLE, actor=admin, now=now)


@pytest.fixture
def publish(departments, admin, now):
    """Make and publish an item of the given body at once; its code."""

    def made(code="MZ-003", at=now, valid_from=None, **changes):
        drafting.create_item(body_of(code=code, **changes), actor=admin, now=at)
        publishing.publish(code, 1, valid_from, actor=admin, now=at)
        return code

    return made


class Caller:
    """Calls the API as somebody, with the headers that a careful client sends."""

    def __init__(self, client, token):
        self.client, self.token, self.sent = client, token, 0

    def call(self, method, path, body=None, *, match=None, key=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "POST":
            self.sent += 1
            headers["Idempotency-Key"] = key or f"{self.token}-key-{self.sent:04d}"
        if match:
            headers["If-Match"] = match
        return self.client.open("/api/v1" + path, method=method, json=body, headers=headers)

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def put(self, path, body=None, match="*", **more):
        return self.call("PUT", path, body, match=match, **more)


@pytest.fixture
def call(app, departments, fixed_clock):
    """``call["admin"].post(…)``: the API as admin, agent or stranger."""
    app.extensions["daiban"] = SimpleNamespace(
        clock=fixed_clock, authenticate=lambda token, now: PEOPLE.get(token)
    )
    return {name: Caller(app.test_client(), name) for name in PEOPLE} | {
        "stranger": Caller(app.test_client(), "")
    }


@pytest.fixture
def statements(monkeypatch):
    """The SQL statements run since; clear it before what is to be counted."""
    seen = []
    kept = db.database.execute_sql

    def counted(text, *args, **kwargs):
        seen.append(text)
        return kept(text, *args, **kwargs)

    monkeypatch.setattr(db.database.obj, "execute_sql", counted)
    return seen
