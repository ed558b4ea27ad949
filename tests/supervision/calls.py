"""Calls that tests of supervision make again and again."""
from typing import Any

from backend.core import sql
from backend.core.actor import Actor, system
from backend.supervision import jobs
from tests import cast
from tests.cast import Caller

ORDER = {"source": "meeting", "what": "落实首问责任制", "due_on": "2026-02-26", "quality": "全体人员签字确认"}


def signed(app: Any, who: str) -> Caller:
    """A caller signed in under this name."""
    return cast.sign_in(app.test_client(), who)


def order(supervisor: Caller, **changes: Any) -> dict[str, Any]:
    """An order to 百花社区 unless another body is named."""
    body = ORDER | ({"unit_code": cast.VILLAGE} if "department_code" not in changes else {}) | changes
    made = supervisor.post("/supervision-orders", body)
    assert made.status_code == 201, made.json
    return made.json


def actor(username: str) -> Actor:
    """The account as an actor."""
    text = "SELECT id, name, role, unit_code, department_code FROM account WHERE username = ?"
    found = sql.row(text, (username,))
    assert found is not None
    return Actor(**found)


def pass_by(now: Any) -> None:
    """The clock's own pass over all that supervision left to it."""
    who = system("supervision")
    for work in (jobs.look_at_orders, jobs.look_at_promises, jobs.turn_cycles, jobs.find_unsolved):
        work(actor=who, now=now)


def told(template: str) -> list[str]:
    """The user names of those who were told something, in order."""
    text = """
    SELECT a.username FROM notice n JOIN account a ON a.id = n.recipient_id WHERE n.template = ? ORDER BY n.id
    """
    return [each["username"] for each in sql.plain(text, (template,))]


def findings() -> list[tuple[str, str]]:
    """Which body was found wanting of what."""
    found = sql.plain("SELECT target_code, kind FROM supervision_finding ORDER BY effective_at, target_code")
    return [(each["target_code"], each["kind"]) for each in found]
