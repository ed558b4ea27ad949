"""Whatever order things are done in: first receivers stay, and what is stored of clocks and hands is their truth."""
import random

import orjson
import pytest

from backend.core import ledger, sql
from backend.core.actor import Actor, system
from backend.core.problems import Problem
from backend.errands.actions import finishing, forwarding, handing, intake
from backend.errands.jobs import following, inheriting
from backend.errands.schemas import taken
from backend.people.actions import accounts
from tests import cast
from tests.cast import errand
from tests.errands import projections

ITEMS = ("MZ-003", "RS-005", "GT-002")
"""A promise, a report item, and what a village hands in."""
ROUNDS = 250


def actors():
    names = ("id", "name", "role", "unit_code", "department_code")
    rows = sql.rows("SELECT username, id, name, role, unit_code, department_code FROM account")
    return {row["username"]: Actor(**{name: row[name] for name in names}) for row in rows}


def given(code):
    """A body as the action takes it: what the wire's shape made of it."""
    papers = orjson.loads(sql.value("SELECT body FROM item_version WHERE item_code = ?", (code,)))["materials"]
    body = errand(item_code=code, materials=[{"name": paper["name"], "received": True} for paper in papers])
    return taken.RegisterErrand().load(body)


@pytest.mark.parametrize("seed", range(3))
def test_first_receivers_stay_and_projections_hold_after_any_sequence(district_app, fixed_clock, seed):
    """Rules 3.2, 1.4."""
    chance, now = random.Random(seed), fixed_clock.now
    accounts.create(username="agent-two", name="代办员二", role="agent", unit_code=cast.VILLAGE,
                    password=cast.PASSWORD, actor=system("test"), now=now())
    known = actors()
    agents = [known[name] for name in (cast.AGENT, "agent-two", cast.OFFICE_OF_TOWNSHIP)]
    handlers = [known[name] for name in (cast.HANDLER.lower(), "handler-rs")]
    ids = [intake.register(given(code), actor=chance.choice(agents[:2]), now=now()) for code in ITEMS for _ in range(2)]
    first = dict(sql.execute("SELECT id, first_receiver_id FROM errand").fetchall())
    done = {"outcome": "granted", "result": "已办"}
    acts = [
        lambda e, n: handing.hand_in(e, actor=chance.choice(agents), now=now()),
        lambda e, n: intake.accept(e, actor=chance.choice(agents), now=now()),
        lambda e, n: intake.accept(e, actor=agents[2], now=now()),
        lambda e, n: forwarding.forward(e, department_code=chance.choice(("MZ", "RS")),
                                        actor=chance.choice(agents), now=now()),
        lambda e, n: forwarding.answer(e, n, decision="return", reasons="补", actor=chance.choice(handlers), now=now()),
        lambda e, n: forwarding.recall(e, n, reason="错", actor=chance.choice(agents), now=now()),
        lambda e, n: handing.hand_over(e, to_account_id=chance.choice(agents).id,
                                       actor=chance.choice(agents), now=now()),
        lambda e, n: handing.take_over(e, n, actor=chance.choice(agents), now=now()),
        lambda e, n: handing.refuse(e, n, reason="忙", actor=chance.choice(agents), now=now()),
        lambda e, n: handing.withdraw(e, n, actor=chance.choice(agents), now=now()),
        lambda e, n: following.reproject(actor=system("reproject-errands"), now=now()),
        lambda e, n: inheriting.inherit(actor=system("inherit-errands"), now=now()),
    ]
    seldom = [
        lambda e: finishing.complete(e, **done, actor=chance.choice(agents), now=now()),
        lambda e: intake.withdraw(e, actor=chance.choice(agents), now=now()),
    ]
    went = 0
    for _ in range(ROUNDS):
        fixed_clock.advance(hours=chance.randrange(1, 9))
        errand_id, n = chance.choice(ids), chance.randrange(1, 6)
        try:
            if chance.random() < 0.01:
                chance.choice(seldom)(errand_id)
            else:
                chance.choice(acts)(errand_id, n)
            went += 1
        except Problem:
            assert ledger.running.block is None
    assert went > 40
    assert projections.wrong() == []
    assert dict(sql.execute("SELECT id, first_receiver_id FROM errand").fetchall()) == first
