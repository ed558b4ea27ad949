"""Random walks over projects: nothing opens early, nobody is deemed who may not be, on one thread and on many.

``DAIBAN_TEST_WALK=10000`` walks so many operations by eight threads; the suite a few hundred by four.
"""
import os
import random
import threading
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from backend.core import sql, transaction
from backend.core.problems import Problem
from tests.conftest import FixedClock
from tests.projects import walking

OPERATIONS = int(os.environ.get("DAIBAN_TEST_WALK", "240"))
THREADS = 8 if OPERATIONS > 1000 else 4
EXPECTED = {
    "illegal-move", "already-deemed", "limit-passed", "already-extended", "conflict", "not-your-department",
    "invalid",
}


class Model(RuleBasedStateMachine):
    """One project, and what its procedures must be by the rules alone."""

    who = None

    def __init__(self):
        super().__init__()
        self.clock = FixedClock()
        self.clock.set("2026-03-02 09:00")

    @initialize()
    def begin(self):
        self.project_id = walking.start(self.who, self.clock.now())
        self.state = {each["code"]: "blocked" for each in walking.GRAPH} | {"A": "open"}
        self.joined, self.extended, self.opinion = {}, set(), set()

    @rule(minutes=st.sampled_from((1, 60, 480, 1440, 4320)))
    def wait(self, minutes):
        self.clock.advance(minutes=minutes)

    @rule(verb=st.sampled_from((*walking.VERBS, "serve", "agree", "decide")), code=st.sampled_from("ABBCCDDE"))
    def do(self, verb, code):
        """Anything at all: mostly refused."""
        self.try_it(verb, code)

    @rule(pick=st.integers(0, 1000))
    def fit(self, pick):
        """Something that fits what is there."""
        told = {code: {"deemed": "deemed_by_timeout"}.get(state, state) for code, state in self.state.items()}
        fitting = [(code, verb) for code, state in told.items() for verb in walking.FITTING.get(state, ())]
        if fitting:
            code, verb = fitting[pick % len(fitting)]
            self.try_it(verb, code)

    @rule()
    def silence(self):
        """The job's pass, two days later."""
        self.clock.advance(days=2)
        for code in self.state:
            self.try_it("decide", code)

    def try_it(self, verb, code):
        row = walking.stored(self.project_id)[code]
        now = self.clock.now()
        wanted = self.expected(verb, code, row, now)
        refusal = walking.act(self.who, self.project_id, code, verb, now)
        assert (refusal is None) == wanted, (verb, code, self.state[code], row["due_at"], now, refusal)
        assert isinstance(refusal, Problem | None) and (refusal is None or refusal.slug in EXPECTED), refusal
        self.follow()

    def expected(self, verb, code, row, now):
        """Whether the rules allow it; the model's state is changed accordingly."""
        state, graph = self.state[code], {each["code"]: each for each in walking.GRAPH}[code]
        silent = state == "served" and graph["timeout_consent"] and "object" not in self.joined.get(code, ())
        if silent and now >= row["due_at"] if verb == "decide" else silent and now > row["due_at"]:
            if verb in ("decide", "agree", "object", "forward") or verb[:4] == "join" and graph["joining_departments"]:
                self.state[code] = "deemed"
                return verb == "decide"
            return False
        if verb == "decide":
            return True
        if verb == "serve" and state in ("open", "objected"):
            self.state[code], self.joined[code] = "served", []
            self.extended.discard(code)
            return True
        if verb[:4] == "join":
            return self.join(code, state, bool(graph["joining_departments"]), verb)
        if state == "served" and verb in ("agree", "object", "forward", "suspend"):
            self.state[code] = {"agree": "passed", "forward": "passed", "object": "objected"}.get(verb, "suspended")
            return True
        if (state, verb) == ("suspended", "resume"):
            self.state[code] = "served"
            return True
        if (state, verb) == ("served", "extend") and code not in self.extended and now <= row["due_at"]:
            self.extended.add(code)
            return True
        if (state, verb) == ("deemed", "opinion") and code not in self.opinion:
            self.opinion.add(code)
            return True
        if (state, verb) == ("deemed", "revoke"):
            self.state[code] = "open"
            self.opinion.discard(code)
            return True
        return False

    def join(self, code, state, joins, verb):
        if state != "served" or not joins or self.joined[code]:
            return False
        self.joined[code].append("object" if verb == "join_object" else "agree")
        return True

    def follow(self):
        """What opens, and what waits again, by the graph alone."""
        for each in walking.GRAPH:
            code = each["code"]
            ready = all(self.state[other] in ("passed", "deemed") for other in each["predecessors"])
            if ready and self.state[code] == "blocked":
                self.state[code] = "open"
            elif not ready and self.state[code] != "blocked":
                self.state[code] = "blocked"
                self.opinion.discard(code)

    @invariant()
    def agrees(self):
        if not hasattr(self, "state"):
            return
        told = {"agreed": "passed", "forwarded": "passed", "objected": "objected", "deemed_by_timeout": "deemed"}
        found = walking.stored(self.project_id)
        assert {code: told.get(row["outcome"], row["state"]) for code, row in found.items()} == self.state

    def teardown(self):
        if hasattr(self, "state"):
            walking.check(self.project_id)


def test_a_project_is_what_a_plain_model_says_after_every_step(district, now):
    who = walking.people(now)
    walking.publish(who, now)
    machine = type("Walk", (Model,), {"who": who})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=max(5, OPERATIONS // 60), stateful_step_count=25, derandomize=True)
    )


def test_nothing_opens_early_and_nobody_is_deemed_who_may_not_be_while_many_act_at_once(district, fixed_clock):
    fixed_clock.set("2026-03-02 09:00")
    who = walking.people(fixed_clock.now())
    walking.publish(who, fixed_clock.now())
    projects = [walking.start(who, fixed_clock.now()) for _ in range(THREADS // 2)]
    everything, faults, done, watch = list(projects), [], Counter(), threading.Lock()

    def walk(number):
        chance = random.Random(number)
        for turn in range(OPERATIONS // THREADS):
            with watch:
                moment = fixed_clock.now()
                fixed_clock.at += walking.later(chance) / THREADS
                if turn % 40 == 39:
                    projects[number % len(projects)] = walking.start(who, moment)
                    everything.append(projects[number % len(projects)])
            try:
                refusal, verb = walking.step(who, projects, chance, moment)
            except Exception as fault:
                faults.append(fault)
                continue
            if refusal is None:
                done[verb] += 1
            elif refusal.slug not in EXPECTED:
                faults.append(refusal)
        transaction.drop_connection()

    threads = [threading.Thread(target=walk, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {"serve", "agree", "decide"} <= set(done) and done.total() - done["decide"] > OPERATIONS // 4, done
    assert sql.value("SELECT count(*) FROM deemed_consent") > OPERATIONS // 40, done
    for project_id in everything:
        walking.check(project_id)
