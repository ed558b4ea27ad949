"""The sample district, and callers of the tree's routes."""
from dataclasses import dataclass
from typing import Any

import pytest

from backend.core import clock
from backend.core.actor import Actor, system
from backend.org.actions import importing
from tests.org.test_importing import SAMPLE

ACCOUNTS = {
    "admin": Actor(id="a1", name="管理员", role="admin", unit_code="331003000000"),
    "elsewhere": Actor(id="a2", name="管理员", role="admin", unit_code="331004000000"),
    "township": Actor(id="a3", name="东城街道", role="township", unit_code="331003001000"),
}


@dataclass
class Doors:
    clock: clock.Clock

    def authenticate(self, token: str, now: Any) -> Actor | None:
        return ACCOUNTS.get(token)


@pytest.fixture
def district(database, now):
    """Huangyan's 368 units."""
    importing.import_divisions(SAMPLE, actor=system("sample"), now=now)


@pytest.fixture
def http(app, district, fixed_clock):
    """A caller of the application with the tree's routes."""
    app.extensions["daiban"] = Doors(fixed_clock)
    return app.test_client()
