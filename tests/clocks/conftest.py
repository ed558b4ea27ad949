"""A loaded calendar, a small tree, and callers of the calendar's routes."""
import uuid

import pytest

from backend.clocks.actions import years
from backend.core import db, sql
from backend.core.actor import Actor, system
from backend.org.models import Level, Status, Unit

DISTRICT, TOWNSHIP, VILLAGE = "331003000000", "331003100000", "331003100201"
NEIGHBOUR = "331003101000"


@pytest.fixture
def admin():
    return Actor(id="admin-1", name="管理员", role="admin", unit_code=DISTRICT)


@pytest.fixture
def loaded(database, now):
    """The official years are in the database."""
    years.load_official_years(actor=system("start"), now=now)
    return database


@pytest.fixture
def tree(database):
    for code, level in ((DISTRICT, Level.DISTRICT), (TOWNSHIP, Level.TOWNSHIP), (NEIGHBOUR, Level.TOWNSHIP),
                        (VILLAGE, Level.VILLAGE)):
        sql.insert(Unit, code=code, name=code, level=level, parent_code=None, pinyin="x", initials="x",
                   status=Status.BUILT, version=1)


class Doors:
    """Anybody whose token is his role is signed in with it."""

    def __init__(self, clock):
        self.clock = clock

    def authenticate(self, token, now):
        return Actor(id=f"{token}-1", name=token, role=token, unit_code=DISTRICT)


@pytest.fixture
def web(app, fixed_clock, loaded, tree):
    """A caller without account; ``as_admin`` and ``keyed`` make the rest."""
    app.extensions["daiban"] = Doors(fixed_clock)
    db.connect(loaded)
    return app.test_client()


def signed(role="admin", key=None):
    return {"Authorization": f"Bearer {role}", "Idempotency-Key": key or uuid.uuid4().hex}
