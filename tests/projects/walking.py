"""Walks over projects: everything that people and jobs do with procedures, and a plain model that judges it."""
import itertools
import random
from datetime import timedelta

from backend.core import ledger, sql
from backend.core.actor import SYSTEM, Actor, Call, system
from backend.core.problems import Problem
from backend.people.actions import posts
from backend.projects.actions import deeming, growing, handling, revoking, starting, stopping, templates
from backend.projects.rules.consent import AlreadyDeemed
from tests.projects import calls

PASSING = ("agreed", "forwarded", "deemed_by_timeout")
GRAPH = (
    calls.procedure("A", limit_working_days=1, joining_departments=["WS"]),
    calls.procedure("B", "A", limit_working_days=2),
    calls.procedure("C", "A", limit_working_days=1, timeout_consent=False),
    calls.procedure("D", "B", "C", limit_working_days=1, joining_departments=["WS"]),
    calls.procedure("E", "D", limit_working_days=3),
)
VERBS = (
    "serve", "agree", "object", "forward", "join", "join_object", "suspend", "resume", "extend", "decide", "opinion",
    "revoke",
)
_serials = itertools.count()


def people(now):
    """The accounts that act, by what they are here; the handler of MZ is its head as well."""
    found = {}
    names = {"agent": "project-agent", "MZ": "handler-mz", "WS": "handler-ws"}
    names |= {"supervisor": "supervisor", "admin": "admin"}
    for role, username in names.items():
        row = sql.row("SELECT id, name, role, unit_code, department_code FROM account WHERE username = ?", (username,))
        found[role] = Actor(**row)
    posts.appoint("MZ", "head", account_id=found["MZ"].id, actor=found["admin"].calling(Call()), now=now)
    return found | {SYSTEM: system("walk")}


def publish(who, now):
    """The walks' template."""
    actor = who["admin"].calling(Call())
    ref = templates.draft(
        {"code": "WALK", "name": "走", "procedures": [dict(each) for each in GRAPH]}, actor=actor, now=now
    )
    templates.publish(ref, actor=actor, now=now)


def start(who, now):
    """The id of a fresh project of that template."""
    given = {
        "template_code": "WALK", "name": "走", "investor": "某", "amount_fen": 1, "leader": "张",
        "agent_id": who["agent"].id,
    }
    return starting.start(given, actor=who["agent"].calling(Call()), now=now)


def act(who, project_id, code, verb, now):
    """Do it; the refusal, or None. An answer that was kept as too late counts as refused."""
    by = {"actor": who[_acting(verb)].calling(Call()), "now": now}
    try:
        ref = _done(project_id, code, verb, by, now)
    except Problem as refusal:
        return refusal
    return AlreadyDeemed() if isinstance(ref, list) and handling.LATE in ref else None


def _acting(verb):
    if verb in ("join", "join_object"):
        return "WS"
    return {"decide": SYSTEM, "revoke": "supervisor", "serve": "agent", "grow": "agent"}.get(verb, "MZ")


def _done(project_id, code, verb, by, now):
    if verb == "serve":
        return handling.serve(project_id, code, signed_by="王", signed_at=now, **by)
    if verb in ("agree", "object", "forward"):
        return handling.answer(project_id, code, decision=verb, reasons="不齐", **by)
    if verb in ("join", "join_object"):
        return handling.answer(project_id, code, decision="object" if verb[4:] else "agree", reasons="不齐", **by)
    if verb == "suspend":
        return stopping.suspend(project_id, code, reason="testing", notice="送检", **by)
    if verb == "resume":
        return stopping.end_suspension(project_id, code, mode="resume", **by)
    if verb == "extend":
        return stopping.extend(project_id, code, working_days=1, reason="复检", **by)
    if verb == "decide":
        return deeming.settle(project_id, code, **by)
    if verb == "opinion":
        return revoking.give_opinion(project_id, code, opinion="无异议", **by)
    if verb == "revoke":
        return revoking.revoke(project_id, code, reasons="有误", **by)
    extra = calls.procedure(f"N{next(_serials)}", code, timeout_consent=random.random() < 0.5)
    return growing.add(project_id, extra, **by)


def stored(project_id):
    """The procedures of a project as they are stored, by code."""
    return {each["code"]: each for each in sql.rows("SELECT * FROM procedure WHERE project_id = ?", (project_id,))}


class Replay:
    """What the ledger says of a project, entry by entry, held against the rules."""

    def __init__(self, project_id):
        self.project_id, self.found = project_id, {}
        rows = stored(project_id)
        self.codes = {each["id"]: code for code, each in rows.items()}
        for code, each in rows.items():
            before = sql.value("SELECT predecessors FROM procedure WHERE id = ?", (each["id"],))
            self.found[code] = {
                "state": "blocked", "outcome": None, "due": None, "objected": False,
                "silent": bool(each["timeout_consent"]),
                "before": [part for part in before.strip("[]").replace('"', "").split(",") if part],
            }
        for one in self.found.values():
            if not one["before"]:
                one["state"] = "open"

    def passed(self, code):
        one = self.found[code]
        return one["state"] == "finished" and one["outcome"] in PASSING

    def ready(self, code):
        return all(self.passed(other) for other in self.found[code]["before"])

    def run(self):
        entries = []
        for procedure_id in self.codes:
            after = 0
            while page := ledger.history("procedure", procedure_id, after=after, limit=500):
                entries += [(each["seq"], self.codes[procedure_id], each) for each in page]
                after = page[-1]["seq"]
        for _, code, entry in sorted(entries, key=lambda one: one[0]):
            verb = entry["action"].removeprefix("procedure.")
            getattr(self, f"on_{verb}", lambda *_: None)(code, self.found[code], entry)
        return self

    def on_open(self, code, one, entry):
        assert one["state"] == "blocked" and self.ready(code), (code, entry)
        one["state"] = "open"

    def on_add(self, code, one, entry):
        if one["state"] == "open":
            return

    def on_block(self, code, one, entry):
        assert not self.ready(code), (code, entry)
        one |= {"state": "blocked", "outcome": None, "due": None}

    def on_serve(self, code, one, entry):
        assert one["state"] == "open" or (one["state"], one["outcome"]) == ("finished", "objected"), (code, one, entry)
        assert self.ready(code)
        one |= {"state": "served", "outcome": None, "due": entry["detail"]["due_at"], "objected": False}

    def on_answer(self, code, one, entry):
        assert one["state"] == "served", (code, one, entry)
        one |= {"state": "finished", "outcome": entry["outcome"]}

    def on_join_answer(self, code, one, entry):
        assert one["state"] == "served"
        one["objected"] |= entry["outcome"] == "object"

    def on_suspend(self, code, one, entry):
        assert one["state"] == "served"
        one |= {"state": "suspended", "due": None}

    def on_resume(self, code, one, entry):
        assert one["state"] == "suspended"
        one |= {"state": "served", "due": entry["detail"]["to"]}

    def on_extend(self, code, one, entry):
        assert one["state"] == "served"
        one["due"] = entry["detail"]["to"]

    def on_deem(self, code, one, entry):
        told = entry["detail"]
        assert one["state"] == "served" and one["silent"] and not one["objected"], (code, one, entry)
        assert one["due"] == told["effective_at"] <= told["detected_at"], (code, one, entry)
        one |= {"state": "finished", "outcome": "deemed_by_timeout"}

    def on_late_answer(self, code, one, entry):
        assert one["outcome"] == "deemed_by_timeout"

    def on_revoke(self, code, one, entry):
        assert one["outcome"] == "deemed_by_timeout"
        one |= {"state": "open", "outcome": None, "due": None}

    def on_opinion(self, code, one, entry):
        assert one["outcome"] == "deemed_by_timeout"


def check(project_id):
    """The stored project is what its ledger makes of it, and what hangs on it agrees."""
    replay, rows = Replay(project_id).run(), stored(project_id)
    for code, row in rows.items():
        one = replay.found[code]
        assert (row["state"], row["outcome"]) == (one["state"], one["outcome"]), (code, row, one)
        assert replay.ready(code) or row["state"] == "blocked", (code, row)
        assert row["state"] != "blocked" or not replay.ready(code), (code, row)
        limits = sql.value(
            "SELECT count(*) FROM clock WHERE subject_id = ? AND kind = 'limit' AND ended_at IS NULL", (row["id"],)
        )
        assert limits == (row["state"] in ("served", "suspended")), (code, row)
        standing = sql.value(
            "SELECT count(*) FROM deemed_consent WHERE procedure_id = ? AND revoked_at IS NULL", (row["id"],)
        )
        assert standing == (row["outcome"] == "deemed_by_timeout"), (code, row)
        reds = sql.value(
            "SELECT count(*) FROM card c JOIN clock k ON k.id = c.clock_id "
            "WHERE k.subject_id = ? AND c.rung = 'red' AND k.kind = 'limit'", (row["id"],)
        )
        deemed = sql.value("SELECT count(*) FROM deemed_consent WHERE procedure_id = ?", (row["id"],))
        assert reds >= deemed, (code, reds, deemed)
    project = sql.row("SELECT state, finished, procedures FROM project WHERE id = ?", (project_id,))
    passed = sum(replay.passed(code) for code in rows)
    assert (project["finished"], project["procedures"]) == (passed, len(rows))
    assert project["state"] == ("finished" if passed == len(rows) else "open")


FITTING = {
    "open": ("serve",), "suspended": ("resume",),
    "served": ("agree", "agree", "object", "forward", "join", "join_object", "suspend", "extend", "decide", "decide"),
    "lapsed": ("decide", "decide", "decide", "agree", "suspend"),
    "objected": ("serve",), "deemed_by_timeout": ("opinion", "opinion", "agree", "revoke"),
}


def _standing(row, now):
    over = row["state"] == "served" and row["due_at"] <= now
    return "lapsed" if over else row["outcome"] or row["state"]


def step(who, projects, chance, now):
    """One random operation on one of the projects, mostly one that fits; the refusal and what was tried."""
    project_id = chance.choice(projects)
    code, verb = chance.choice("ABCDE"), chance.choices((*VERBS, "grow"), (*[5] * len(VERBS), 1))[0]
    if chance.random() < 0.8:
        rows = stored(project_id)
        fitting = [
            (code, FITTING[told]) for code, row in rows.items()
            if (told := _standing(row, now)) in FITTING
        ]
        if fitting:
            code, verbs = chance.choice(fitting)
            verb = chance.choice(verbs)
    return act(who, project_id, code, verb, now), verb


def later(chance):
    """How much time passes between two operations: mostly hours, at times days."""
    return timedelta(minutes=chance.choice((0, 30, 600, 1500, 4000, 6000)))
