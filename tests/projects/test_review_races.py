"""Two at once over one summons: exactly one word stands, and a consent is deemed once (``DAIBAN_TEST_RACES``)."""
import os
from functools import partial

from backend.core import sql
from backend.core.actor import Actor, Call, system
from backend.core.problems import Problem
from backend.projects.actions import attending, concluding
from tests import crowd
from tests.cast import sign_in
from tests.projects import calls

ROUNDS = int(os.environ.get("DAIBAN_TEST_RACES", "5"))


def actor(caller):
    names = ("id", "name", "role", "unit_code", "department_code")
    found = caller.get("/me").json
    return Actor(**{name: found[name] for name in names}, call=Call())


def together(*works):
    """What each came to, all begun at one moment: its result, or the slug of its refusal."""
    return [told.slug if isinstance(told, Problem) else told for told in crowd.at_once(*works)]


def test_of_a_word_an_absence_and_the_clock_at_once_one_stands(district_app, fixed_clock):
    fixed_clock.set("2026-04-10 09:00")
    calls.published(
        sign_in(district_app.test_client(), "admin"),
        *(calls.procedure(f"P{n}", limit_working_days=20) for n in range(ROUNDS)),
    )
    caller = sign_in(district_app.test_client(), "project-agent")
    project = calls.project(caller, "T")
    signed = {"signed_by": "窗口", "signed_at": "2026-04-10T09:00:00+08:00"}
    ids = []
    for n in range(ROUNDS):
        caller.put(f"/projects/{project['id']}/procedures/P{n}/service", signed)
        made = caller.post("/joint-reviews", {
            "project_id": project["id"], "procedure_codes": [f"P{n}"], "at": "2026-04-15T14:00:00+08:00",
        })
        ids.append(made.json["id"])
        assert caller.put(f"/joint-reviews/{ids[-1]}/summonses/MZ/signature", signed).status_code == 200
    agent, handler = actor(caller), actor(sign_in(district_app.test_client(), "handler-MZ"))
    now = fixed_clock.set("2026-04-15 16:00")
    for n, review_id in enumerate(ids):
        told = together(
            partial(attending.attend, review_id, "MZ", attended=False, actor=agent, now=now),
            partial(attending.attend, review_id, "MZ", attended=True, decision="agree", actor=handler, now=now),
            partial(attending.lapse, review_id, "MZ", actor=system("deem-absence"), now=now),
            partial(concluding.conclude, review_id, actor=agent, now=now),
        )
        outcome = sql.value("SELECT outcome FROM summons WHERE review_id = ?", (review_id,))
        stored = sql.value("SELECT outcome FROM procedure WHERE project_id = ? AND code = ?", (project["id"], f"P{n}"))
        assert outcome in ("agreed", "deemed_by_absence") and stored == outcome, told
        deemed = sql.value(
            "SELECT count(*) FROM deemed_consent d JOIN procedure c ON c.id = d.procedure_id WHERE c.code = ?",
            (f"P{n}",),
        )
        assert deemed == (outcome == "deemed_by_absence"), told
        if outcome == "agreed":
            assert told[0] == "already-answered" and told[1] == [review_id, "MZ"], told
        else:
            assert told[0] == [review_id, "MZ"] and told[1] == [review_id, "MZ", "late"], told
        assert told[2] is False and told[3] in (review_id, "answers-outstanding"), told
