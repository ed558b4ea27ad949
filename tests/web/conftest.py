"""The application with its doors open, whoever opens them."""
from datetime import datetime

import pytest

from backend.core import sql
from backend.org.models import Unit
from backend.people.models import Account
from backend.web import metrics

VILLAGE = "331003001001"


@pytest.fixture
def app(app):
    app.config["DAIBAN_JOBS"] = True
    app.extensions["daiban.metrics"] = metrics.Board()
    return app


@pytest.fixture
def village(database, now: datetime) -> str:
    """A village point with one agent."""
    sql.insert(
        Unit, code=VILLAGE, name="大树下村", level="village", parent_code="331003001000",
        pinyin="dashuxiacun", initials="dsxc", site_type="designated_agent", status="built",
        phone="0576-84110001", address="东城街道大树下村1号", version=1,
    )
    sql.insert(
        Account, id="a1", username="agent-" + VILLAGE, name="王小燕", role="agent", unit_code=VILLAGE,
        password_hash="-", made_at=now, totp_step=0, sample=False, version=1,
    )
    return VILLAGE
