"""Who may do what: every route against every kind of account, as one written table (rules.md 12, api.md)."""
import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from backend.core import sql
from backend.core.actor import Actor, system
from backend.notifications.actions import outbox
from backend.people.actions import rostering
from tests import cast
from tests.appointments import seats, stored
from tests.assessment import scored
from tests.clocks.watched import begin, tick
from tests.conftest import START
from tests.errands import paper
from tests.errands.test_papers import upload
from tests.files.phones import MEDIA, Uploading
from tests.files.samples import PDF
from tests.inspections.calls import watched
from tests.projects import calls
from tests.projects.held import reviewed
from tests.reports import filed as reported
from tests.supervision import kinds as supervised
from tests.sync import leased, phones
from tests.visits.calls import wish
from tests.voice.calls import low

WHO = (
    cast.AGENT, cast.NEIGHBOUR_AGENT, cast.OPERATOR, cast.OFFICE_OF_TOWNSHIP, cast.FAR_OFFICE, cast.HANDLER,
    "project-agent", "office", "supervisor", "admin", "stranger",
)
"""The columns: the case's agent, the next village's, the township's operator and office, another
township's office, a department's handler, the project agent, the district's office, supervisor and
admin, and somebody without account."""

TABLE = Path(__file__).with_name("who_may.txt").read_text(encoding="utf-8")
"""``y`` let in (then shape, headers and state decide), ``x`` 403 by role, ``-`` 404, ``!`` 401."""

UPLOADS = (
    "POST /files", "POST /errands/imports", "POST /weekly-reports/<string:week>/<string:unit_code>/form",
)
SENT = {route: lambda: {"data": {"file": (BytesIO(b"x"), "x")}} for route in UPLOADS} | {
    "PATCH /files/uploads/<upload_id>": lambda: {"headers": {"Content-Type": MEDIA}},
}
"""What is sent there is looked at before the role is."""


def rows():
    return {line[len(WHO) + 2:].strip(): line[:len(WHO)] for line in TABLE.strip().splitlines()}


@pytest.fixture
def names(agent, district_app, fixed_clock):
    """One thing of each kind, all of the first agent's village; what was forwarded went to another department."""
    papers = [{"name": p["name"], "received": True} for p in agent.get("/items/RS-005").json["materials"]]
    case = agent.post("/errands", cast.errand(item_code="RS-005", materials=papers)).json
    path = f"/errands/{case['id']}"
    missing = {"missing": [{"name": papers[0]["name"], "note": "缺页"}], "legal_basis": "某法第一条"}
    assert [agent.post(f"{path}/supplement-notices", missing).status_code for _ in range(2)] == [201, 201]
    agent.put(f"{path}/acceptance")
    assert agent.post(f"{path}/forwardings", {"department_code": "RS"}).status_code == 201
    department = cast.sign_in(district_app.test_client(), "handler-RS")
    assert department.put(f"{path}/forwardings/1/answer", {"decision": "grant"}).status_code == 200
    office = sql.value("SELECT id FROM account WHERE username = ?", (cast.OFFICE_OF_TOWNSHIP,))
    assert agent.post(f"{path}/handovers", {"to_account_id": office}).status_code == 201
    parts = {
        noun: agent.post(f"{path}/{noun}", body).json["id"] for noun, body in (
            ("notes", {"text": "联系"}), ("trips", {"made_on": "2026-02-12", "where": "乡镇"}),
            ("payments", {"amount_fen": 100}),
        )
    }
    agent.post(f"{path}/suspensions", {"reason": "testing", "notice": "送检"})
    agent.put(f"{path}/suspensions/current/end", {"mode": "resume"})
    agent.put(f"{path}/completion", {"outcome": "granted", "result": "已办"})
    agent.put(f"{path}/delivery", {"method": "posted", "received_by": "本人"})
    upload(agent)
    arriving = Uploading(agent, PDF)
    arriving.begin()
    agent.post("/files/announcements", {"files": [{"id": arriving.id}]})
    conflict_id, override_id = seats.cut(fixed_clock.now())
    notice = outbox.post(
        "handover_asked", to=case["agent"]["id"], subject_type="errand", subject_id=case["id"],
        unit_code=cast.VILLAGE, values={"giver": "甲", "number": case["number"], "item": "社保卡"}, dedupe="who-may",
        actor=system("test"), now=fixed_clock.now(),
    )
    begin(case["id"], fixed_clock.now(), days=0, started_at=fixed_clock.now() - timedelta(days=3))
    tick(fixed_clock.now())
    card = sql.value("SELECT id FROM card")
    agent.post(f"/cards/{card}/appeals", {"reason": "已按时办结"})
    office = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    pushed = phones.things(agent, office)
    voiced = low(office, cast.Caller(district_app.test_client(), None), case)
    carrier = cast.sign_in(district_app.test_client(), "project-agent")
    project = calls.project(carrier, township_code=cast.TOWNSHIP)
    paper_id = calls.furnish(carrier, project, fixed_clock.now())
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    orders = supervised.made(supervisor, fixed_clock.now())
    hidden = watched(supervisor)
    return hidden | absent(agent, case["agent"]["id"], fixed_clock.now()) | voiced | orders | {
        "conflict_id": {"booking-conflicts": conflict_id, "sync": pushed["conflict_id"]}, "override_id": override_id,
        "lease_id": leased.taken(agent, pushed["device_id"], fixed_clock.now()),
        "upload_id": arriving.id, "file_id": arriving.id,
        "device_id": pushed["device_id"], "item_id": pushed["item_id"],
        "card_id": card, "setting": "card-ladder", "notice_id": notice,
        "errand_id": case["id"], "resident_id": case["resident"]["id"], "account_id": case["agent"]["id"],
        "task_id": agent.get("/call-tasks").json["items"][0]["id"], "session_id": "1", "closure_id": "1",
        "import_id": paper.hand_in(agent, paper.book(paper.line()), "0001").json["id"],
        "sha256": sql.value("SELECT sha256 FROM file"), "year": "2026", "number": "1", "n": "1", "post": "duty",
        "visit_id": agent.post("/visits", wish()).json["id"],
        "finding_id": agent.get("/findings").json["items"][0]["id"],
        "feed_id": "1", "secret": "1", "parts": parts, "waiting_id": stored.entry(cast.VILLAGE),
        "block_id": stored.block(cast.VILLAGE), "appointment_id": stored.appointment(cast.VILLAGE),
        "week": filed_week(fixed_clock.now()), "unit_code": cast.TOWNSHIP,
        "problem_id": {
            "report-problems": sql.value("SELECT id FROM report_problem"), "problems": pushed["problem_id"],
        },
        "project_id": project["id"], "reference": "sample",
        **reviewed(carrier, fixed_clock, project["id"]),
        **scored.things(fixed_clock.now()),
        "copy_id": "1", "correction_id": agent.post(
            f"/residents/{case['resident']['id']}/corrections", {"wanted": {"name": "王"}, "grounds": "笔误"}
        ).json["id"],
        "paper_id": {"projects": paper_id, "notices": orders["paper_id"]},
        "period": {"assessments": "2026-H1", "supervision-cycles": orders["period"]},
    }


def absent(agent, agent_id, now):
    """A roster of next month with the agent on it, who asks for leave, and to swap with the township's operator."""
    operator, township = (
        sql.row("SELECT id, name, role, unit_code FROM account WHERE username = ?", (who,))
        for who in (cast.OPERATOR, cast.OFFICE_OF_TOWNSHIP)
    )
    shift = {
        "date": date(2026, 3, 2), "account_id": agent_id, "desk": "", "from": "08:30", "to": "12:00", "services": [],
        "kind": "duty", "stand_in_id": None,
    }
    rostering.write(cast.VILLAGE, "2026-03", shifts=[shift], on_call=[], actor=Actor(**township), now=now)
    leave = agent.post("/rosters/leaves", {"from": "2026-03-03", "to": "2026-03-03", "reason": "探亲"})
    swap = agent.post(
        "/rosters/swaps", {"date": "2026-03-02", "with_account_id": operator["id"], "reason": "复诊"}
    )
    assert (leave.status_code, swap.status_code) == (201, 201)
    return {"month": "2026-03", "leave_id": leave.json["id"], "swap_id": swap.json["id"]}


def filed_week(now):
    """A week that the first agent's township has filed."""
    asked = [{"text": "缺电脑", "asked_of": "RS", "due_on": START.date()}]
    reported.file(cast.TOWNSHIP, "2026-W07", now, problems=asked)
    return "2026-W07"


def address(rule, names):
    """The route's path with the things that stand there."""
    codes = {"units": cast.VILLAGE, "departments": "MZ", "items": "MZ-003", "posts": cast.VILLAGE, "projects": "P01"}
    room = rule.split("/")[1]
    part = names["parts"].get(rule.split("/")[3] if rule.count("/") > 3 else "")
    known = names | {"code": codes.get(room, ""), "part_id": part}
    known |= {name: value.get(room) for name, value in known.items() if isinstance(value, dict)}
    return re.sub(r"<(?:[^:>]+:)?([a-z0-9_]+)>", lambda found: str(known[found[1]]), rule)


def mark(answer):
    return {401: "!", 403: "x", 404: "-"}.get(answer.status_code, "y")


@pytest.mark.one_engine
def test_the_table_names_every_route_and_no_other(app):
    routes = {f"{route.method} {route.rule}" for route in app.extensions["daiban.api"].routes}
    assert set(rows()) == routes


def test_each_account_is_let_in_where_the_table_says(names, district_app):
    found = dict.fromkeys(rows(), "")
    for who in WHO:
        client = district_app.test_client()
        caller = cast.Caller(client, None) if who == "stranger" else cast.sign_in(client, who)
        for route in found:
            method, rule = route.split()
            found[route] += mark(caller._send(method, address(rule, names), **SENT.get(route, dict)()))
    assert "\n".join(f"{marks}  {route}" for route, marks in found.items()) == TABLE.strip()
