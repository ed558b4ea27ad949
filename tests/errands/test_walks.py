"""At random through all acts and changes of the calendar: stored dates are what their truth says after each.

No other act moves a clock: notes, trips, payments, papers, mandates, disabled accounts leave all of them untouched.
``DAIBAN_TEST_WALKS`` is how many walks are made, each until every act was done.
"""
import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from backend.catalogue import queries as catalogue
from backend.clocks.actions import closures, years
from backend.clocks.rules import words
from backend.core import clock, sql, verification
from backend.core.actor import Actor, system
from backend.core.problems import Problem
from backend.errands import rules
from backend.errands.actions import carrying, finishing, forwarding, intake, reversing, stopping
from backend.errands.jobs import following, inheriting
from tests import cast
from tests.errands import projections

SEEDS = int(os.environ.get("DAIBAN_TEST_WALKS", "1"))
TRUTH = "SELECT id, kind, budget_days, extended_days, started_at, ended_at, due_at, provisional, moments, next_at"
REFERRAL = {"where": "临海市民政局", "phone": "85111111", "bring": []}
NEW_YEAR = {"year": 2027, "papers": [], "days": [
    *({"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3, 4)),
    *({"name": "元旦", "date": day, "isOffDay": False} for day in ("2026-12-26", "2027-01-09")),
]}
WAYS = {
    "registered": ("accept", "accept", "accept", "decline", "withdraw"),
    "accepted": ("suspend", "suspend", "extend", "extend", "reverse", "forward", "complete", "withdraw"),
    "suspended": ("resume", "restart", "resume", "restart", "withdraw"),
    "forwarded": ("answer", "answer", "recall", "suspend", "extend", "withdraw"),
    "completed": ("reverse", "reverse", "reverse", "deliver"),
    "delivered": ("close",), "closed": (), "declined": ("reverse",), "withdrawn": ("reverse",),
}
MOVES = tuple(sorted({verb for verbs in WAYS.values() for verb in verbs}))
RARE = {"deliver", "close"}
QUIET = ("note", "trip", "pay", "papers", "mandate", "disable")
CALENDAR = ("close_day", "open_day", "announce", "follow")


def person(username):
    found = sql.row("SELECT * FROM account WHERE username = ?", (username.lower(),))
    return Actor(found["id"], found["name"], found["role"], found["unit_code"], found["department_code"])


def forward(errand_id, *, actor, now, department="MZ"):
    """A step at a department, as its agent sends it there."""
    forwarding.forward(errand_id, department_code=department, actor=actor, now=now)


def answer(errand_id, *, actor, now):
    """Its answer by the department's handler."""
    n = sql.value("SELECT forwardings FROM errand WHERE id = ?", (errand_id,))
    code = sql.value("SELECT department_code FROM forwarding WHERE errand_id = ? AND n = ?", (errand_id, n))
    forwarding.answer(errand_id, n, decision="grant", actor=person(f"handler-{code or 'MZ'}"), now=now)


def recall(errand_id, *, actor, now):
    """The forwarding was a mistake."""
    n = sql.value("SELECT forwardings FROM errand WHERE id = ?", (errand_id,))
    forwarding.recall(errand_id, n, reason="转错", actor=actor, now=now)


class Walk:
    """Some errands of a village, and everything that can befall them."""

    def __init__(self, chance, fixed_clock):
        self.chance, self.clock = chance, fixed_clock
        self.agent, self.township = person(cast.AGENT), person(cast.OFFICE_OF_TOWNSHIP)
        self.admin = person("admin")
        self.cases, self.closed, self.behind, self.done = [], [], False, Counter()
        for code in ("MZ-003", "RS-005", "GY-001", "MZ-003"):
            self.register(code)

    def register(self, code):
        papers = catalogue.version(code, 1)["materials"]
        body = cast.errand(
            item_code=code, materials=[{"name": paper["name"], "received": True} for paper in papers],
            mandate={"given_by": "signature", "expires_on": date(2027, 12, 31)},
        )
        self.cases.append(intake.register(body, actor=self.agent, now=self.clock.now()))

    def step(self):
        """One act, or a refusal that changed nothing."""
        self.clock.advance(minutes=self.chance.choice((0, 1, 60, 300, 600, 1200)))
        case = self.chance.choice(self.cases)
        ways = WAYS[sql.value("SELECT state FROM errand WHERE id = ?", (case,))]
        name = self.chance.choice((*ways, *ways, *ways, *QUIET, *CALENDAR, self.chance.choice(MOVES)))
        before = sql.plain(f"{TRUTH} FROM clock ORDER BY id")
        try:
            self.act(name, case, {"actor": self.township, "now": self.clock.now()})
            self.done[name] += 1
            untouched = name in QUIET
        except Problem:
            untouched = True
        if untouched:
            assert sql.plain(f"{TRUTH} FROM clock ORDER BY id") == before, name
        self.behind = name != "follow" and (self.behind or name in CALENDAR)
        return name

    def act(self, name, case, by):
        if name in CALENDAR:
            return getattr(self, name)()
        if name == "disable":
            return self.disable()
        later = clock.local_date(self.clock.now()) + timedelta(days=60)
        today = clock.local_date(self.clock.now())
        calls = {
            "accept": lambda: intake.accept(case, **by),
            "complete": lambda: finishing.complete(case, outcome="granted", result="已办", **by),
            "decline": lambda: intake.decline(case, reason="不符", referral=REFERRAL, **by),
            "withdraw": lambda: intake.withdraw(case, **by),
            "deliver": lambda: finishing.deliver(case, method="brought", received_by="本人", **by),
            "close": lambda: finishing.close(case, **by),
            "suspend": lambda: stopping.suspend(case, reason="testing", notice="送检", **by),
            "resume": lambda: stopping.end_suspension(case, mode=words.RESUME, **by),
            "restart": lambda: stopping.end_suspension(case, mode=words.RESTART, **by),
            "extend": lambda: stopping.extend(case, working_days=self.chance.randint(1, 15), reason="复杂", **by),
            "reverse": lambda: reversing.reverse(case, reason="误操作", **by),
            "forward": lambda: forward(case, **by),
            "answer": lambda: answer(case, **by),
            "recall": lambda: recall(case, **by),
            "note": lambda: carrying.note(case, text="联系", **by),
            "trip": lambda: carrying.trip(case, made_on=today, where="乡镇", **by),
            "pay": lambda: carrying.pay(case, amount_fen=1, **by),
            "papers": lambda: carrying.lay_papers(case, materials=[{"name": "申请书", "received": True}], **by),
            "mandate": lambda: carrying.renew_mandate(case, given_by="voice", expires_on=later, **by),
        }
        return calls[name]()

    def disable(self):
        """The agent's account is disabled, his errands inherited, and he comes back."""
        sql.execute("UPDATE account SET disabled_at = 1 WHERE id = ?", (self.agent.id,))
        inheriting.inherit(actor=system("inherit-errands"), now=self.clock.now())
        sql.execute("UPDATE account SET disabled_at = NULL WHERE id = ?", (self.agent.id,))
        sql.execute("UPDATE errand SET agent_id = ?", (self.agent.id,))

    def close_day(self):
        day = clock.local_date(self.clock.now()) + timedelta(days=self.chance.randint(-5, 15))
        unit = self.chance.choice((cast.VILLAGE, cast.TOWNSHIP, cast.FAR_VILLAGE))
        self.closed.append(closures.close_day(day, unit, "台风", actor=self.admin, now=self.clock.now()))

    def open_day(self):
        if self.closed:
            closures.take_back(self.closed.pop(), actor=self.admin, now=self.clock.now())

    def announce(self):
        years.import_year(NEW_YEAR, actor=self.admin, now=self.clock.now())

    def follow(self):
        following.reproject(actor=system("reproject-errands"), now=self.clock.now())


def unwatched():
    """Errands whose running duties are not those of their state: one from acceptance to completion, else none."""
    rows = sql.plain("""
        SELECT e.number, e.state, EXISTS (SELECT 1 FROM forwarding f WHERE f.errand_id = e.id
        AND f.state = 'forwarded' AND e.item_code = 'RS-005') AS above,
        (SELECT count(*) FROM clock c WHERE c.subject_id = e.id AND c.ended_at IS NULL
        AND c.kind IN ('promise', 'sending_up', 'telling')) AS running FROM errand e
    """)
    at_work = (rules.ACCEPTED, rules.FORWARDED, rules.SUSPENDED)
    return [each for each in rows if each["running"] != (each["state"] in at_work and not each["above"])]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_each_act_the_stored_dates_are_what_their_truth_says(district, fixed_clock, seed):
    fixed_clock.set("2026-12-07 09:00")
    chance = random.Random(seed)
    walk = Walk(chance, fixed_clock)
    steps, wanted = 0, {*MOVES, *QUIET, *CALENDAR} - RARE
    while steps < 80 or wanted - {*walk.done}:
        steps += 1
        assert steps < 500, wanted - {*walk.done}
        if steps % 12 == 0:
            walk.register(("MZ-003", "RS-005")[steps // 12 % 2])
            walk.cases = walk.cases[-4:]
        name = walk.step()
        assert unwatched() == [], f"step {steps}: {name}"
        if not walk.behind:
            assert projections.wrong() == [], f"step {steps}: {name}"
    walk.follow()
    assert projections.wrong() == []
    assert verification.verify().code == 0
