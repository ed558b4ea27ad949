"""A district with a resident and an account to be told, channels to a gateway of the test, and the outbox."""
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.core import outbound, sql
from backend.core.actor import system
from backend.notifications import jobs
from backend.notifications.actions import channels, outbox
from backend.people.actions import residents
from backend.settings import Notices, Settings
from tests import cast
from tests.conftest import PATIENCE_SECONDS
from tests.notifications.gateway import Gateway

SECRET = "a-secret-of-the-tests"
SYSTEM = system("test")
VALUES: dict[str, Any] = {
    "number": "001001-260212-0001-3", "item": "临时救助", "due": "2026-02-26", "reason": "检测", "missing": ["户口簿"],
    "result": "已批准", "where": "区民政局", "phone": "0576-1", "rung": "黄牌", "giver": "张三",
    "contact": "李四（电话0576-2）", "office": "东城街道（电话0576-3）",
}


def settings_of(folder: Path, gateway: Gateway | None, **more: Any) -> Settings:
    """Settings whose messages go to the gateway, or to the file."""
    chosen = Notices(receipt_secret=SECRET)
    if gateway is not None:
        chosen = replace(
            chosen, sms="webhook", staff="webhook", sms_url=gateway.url, staff_url=gateway.url,
            hosts=frozenset({"127.0.0.1"}), private=True, webhook_secret=SECRET,
        )
    return Settings(folder, "sqlite:///none", notices=replace(chosen, **more))


@pytest.fixture(autouse=True)
def file_channel(tmp_path, keys):
    """The default channel, in this test's folder; afterwards as before."""
    channels.use(settings_of(tmp_path, None))
    yield
    channels.use(settings_of(tmp_path, None))


@pytest.fixture
def gateway(tmp_path):
    """A gateway that takes everything; its ``answer`` can be changed."""
    made = Gateway()
    channels.use(settings_of(tmp_path, made))
    yield made
    made.close()


@pytest.fixture
def impatient(gateway, monkeypatch):
    """Tries that will not be answered are given up soon, all others late: however slow this machine is.

    One that will be taken over must arrive first, so it has eight times as long as one that will not.
    """
    seconds, patient = {"hang": 0.3, "late": 2.4}, outbound.post

    def post(url, body, headers, **more):
        limit = seconds.get(gateway.answer(json.loads(body)), PATIENCE_SECONDS)
        return patient(url, body, headers, **more | {"seconds": limit})

    monkeypatch.setattr(outbound, "post", post)


@pytest.fixture
def resident(district, now):
    """A resident with a mobile phone."""
    return new_resident("13805761234", now)


def new_resident(phone: str | None, now: Any, serial: int = 1) -> str:
    return residents.register(
        township_code=cast.TOWNSHIP, unit_code=cast.VILLAGE, name="王桂香", id_number=cast.id_number(serial),
        phone=phone, address=None, actor=SYSTEM, now=now,
    )


@pytest.fixture
def account(district):
    """The id of the village's agent."""
    return sql.value("SELECT id FROM account WHERE username = ?", (cast.AGENT,))


def post(template: str, to: str, now: Any, key: str = "k", **more: Any) -> str | None:
    return outbox.post(
        template, to=to, subject_type="errand", subject_id="e1", unit_code=cast.VILLAGE, values=VALUES, dedupe=key,
        **{"actor": SYSTEM, "now": now, **more},
    )


def send(now: Any) -> int:
    return jobs.send(actor=SYSTEM, now=now)


def state(notice_id: str | None) -> str:
    return str(sql.value("SELECT state FROM notice WHERE id = ?", (notice_id,)))


def tasks() -> list[dict[str, Any]]:
    return sql.rows("SELECT * FROM call_task ORDER BY id")
