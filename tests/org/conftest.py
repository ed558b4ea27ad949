"""The sample district, and callers of the tree's routes."""
from dataclasses import dataclass
from typing import Any

import pytest

from backend.core import clock
from backend.core.actor import Actor, system
from backend.org.actions import importing
from tests.conftest import START, copy_of, template
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


@pytest.fixture(scope="session")
def tree_store(engine, tmp_path_factory, request):
    """A database with Huangyan's 368 units, to be copied."""
    yield from template(
        engine, tmp_path_factory, request,
        lambda: importing.import_divisions(SAMPLE, actor=system("sample"), now=START),
    )


@pytest.fixture
def district(tree_store):
    """Huangyan's 368 units."""
    yield from copy_of(tree_store)


@pytest.fixture
def http(whole_app, district, fixed_clock):
    """A caller of the application with the tree's routes."""
    whole_app.extensions["daiban"] = Doors(fixed_clock)
    return whole_app.test_client()
