"""Who may do what: every route against every kind of account, as one written table (rules.md 12, api.md)."""
import re
from datetime import date, timedelta
from io import BytesIO

import pytest

from backend.core import sql
from backend.core.actor import Actor, system
from backend.notifications.actions import outbox
from backend.people.actions import rostering
from tests import cast
from tests.appointments import seats, stored
from tests.clocks.watched import begin, tick
from tests.conftest import START
from tests.errands import paper
from tests.errands.test_papers import upload
from tests.projects.calls import project
from tests.reports import filed as reported
from tests.visits.calls import wish

WHO = (
    cast.AGENT, cast.NEIGHBOUR_AGENT, cast.OPERATOR, cast.OFFICE_OF_TOWNSHIP, cast.FAR_OFFICE, cast.HANDLER,
    "project-agent", "office", "supervisor", "admin", "stranger",
)
"""The columns: the case's agent, the next village's, the township's operator and office, another
township's office, a department's handler, the project agent, the district's office, supervisor and
admin, and somebody without account."""

TABLE = """
yyyyyyyyyyy  GET /units
yyyyyyyyyyy  GET /units/<code>
xxxxxxxxxy!  PATCH /units/<code>
yyyyyyyyyyy  GET /departments
yyyyyyyyyyy  GET /departments/<code>
yyyyyyyyyy!  GET /accounts
y-yy-yyyyy!  GET /accounts/<account_id>
xxxxxxxxxy!  POST /accounts
xxxxxxxxxy!  PATCH /accounts/<account_id>
xxxxxxxxxy!  PUT /accounts/<account_id>/disabling
xxxxxxxxxy!  DELETE /accounts/<account_id>/disabling
xxxxxxxxxy!  PUT /accounts/<account_id>/approval
xxxxxxxxxy!  PUT /accounts/<account_id>/password-reset
yyyyyyyyyy!  GET /posts/<code>/<post>
xxxyyxxxxy!  PUT /posts/<code>/<post>
y--y-xxyyy!  GET /units/<code>/rosters
y--y-xxyyy!  GET /units/<code>/rosters/<month>
xxxy-xxxxy!  PUT /units/<code>/rosters/<month>
xxxy-xxxxy!  PUT /units/<code>/rosters/<month>/publication
y--y-xxyyy!  GET /units/<code>/rosters/<month>/sheet.html
y--y-xxyyy!  GET /units/<code>/on-duty
yyyyyyyyyyy  GET /units/<code>/on-call
yyyyyxxxxy!  POST /rosters/leaves
yyyyyxxxyy!  GET /rosters/leaves
y--y-xxxyy!  GET /rosters/leaves/<string:leave_id>
xxxy-xxxxy!  PUT /rosters/leaves/<string:leave_id>/approval
y--y-xxxxy!  PUT /rosters/leaves/<string:leave_id>/withdrawal
yyyyyxxxxy!  POST /rosters/swaps
yyyyyxxxyy!  GET /rosters/swaps
y-yy-xxxyy!  GET /rosters/swaps/<string:swap_id>
y-yy-xxxxx!  PUT /rosters/swaps/<string:swap_id>/agreement
xxxy-xxxxy!  PUT /rosters/swaps/<string:swap_id>/approval
y-yy-xxxxy!  PUT /rosters/swaps/<string:swap_id>/withdrawal
yyyyyyyyyy!  GET /me
yyyyyyyyyy!  GET /me/sessions
----------!  GET /me/sessions/<session_id>
----------!  DELETE /me/sessions/<session_id>
yyyyyxxyyy!  GET /me/calendar
yyyyyxxyyy!  POST /me/calendar
-----xx---!  GET /me/calendar/<string:feed_id>
yyyyyxxyyy!  DELETE /me/calendar/<string:feed_id>
-----------  GET /calendars/<string:secret>.ics
yyyyyyyyyy!  PUT /me/password
xxxxxxxyyy!  GET /me/second-factor
xxxxxxxyyy!  PUT /me/second-factor
xxxxxxxyyy!  PUT /me/second-factor/confirmation
xxxxxxxyyy!  DELETE /me/second-factor
yyyyyyyyyy!  GET /me/notices
y---------!  GET /me/notices/<string:notice_id>
y---------!  PUT /me/notices/<string:notice_id>/reading
xxxxxxxxyy!  GET /outbox
xxxxxxxxyy!  GET /outbox/<string:notice_id>
xxxxxxxxxy!  POST /outbox/<string:notice_id>/replays
yyyyyyyyyyy  POST /outbox/receipts
yyyyyyxyyy!  GET /residents
yyyyyxxyyy!  POST /residents/lookups
y--y--xyyy!  GET /residents/<resident_id>
y--y-xxxxy!  PATCH /residents/<resident_id>
y--y--xxyy!  POST /residents/<resident_id>/full-view
yyyyyyyyyyy  POST /sessions
yyyyyyyyyy!  POST /files
y--y----yy!  GET /files/<sha256>
yyyyyyyyyyy  GET /items
xxxxxxxxxy!  POST /items
yyyyyyyyyyy  GET /items/<string:code>
yyyyyyyyyyy  GET /items/<string:code>/versions
xxxxxxxxxy!  POST /items/<string:code>/versions
yyyyyyyyyyy  GET /items/<string:code>/versions/<int:number>
xxxxxxxxxy!  PUT /items/<string:code>/versions/<int:number>
xxxxxxxxxy!  PUT /items/<string:code>/versions/<int:number>/publication
xxxxxxxxxy!  PUT /items/<string:code>/versions/<int:number>/withdrawal
yyyyyyyyyyy  GET /catalogue/figures
yyyyyyyyyyy  GET /calendar/days
yyyyyyyyyyy  GET /calendar/deadline
yyyyyyyyyyy  GET /calendar/closures
-----------  GET /calendar/closures/<closure_id>
xxxxxxxxxy!  POST /calendar/closures
xxxxxxxxx-!  DELETE /calendar/closures/<closure_id>
yyyyyyyyyyy  GET /calendar/years
yyyyyyyyyyy  GET /calendar/years/<int:year>
xxxxxxxxxy!  POST /calendar/years
yyyyyyxyyy!  GET /cards
y--y--xyyy!  GET /cards/<string:card_id>
y--y--xxxx!  POST /cards/<string:card_id>/appeals
y--y--xyyy!  GET /cards/<string:card_id>/appeals
y--y--xyyy!  GET /cards/<string:card_id>/appeals/<int:n>
xxxxxxxxyx!  PUT /cards/<string:card_id>/appeals/<int:n>/decision
xxxxxxxxxy!  GET /settings
xxxxxxxxxy!  GET /settings/<string:setting>
y--y-xxyyy!  GET /units/<code>/booking-rules
xxxy-xxxxy!  PUT /units/<code>/booking-rules
yyyyyyyyyyy  GET /units/<code>/slots
yyyyyxxxyy!  GET /booking-conflicts
y--y-xxxyy!  GET /booking-conflicts/<string:conflict_id>
xx-y-xxxxx!  PUT /booking-conflicts/<string:conflict_id>/settlement
y--y-xxxyy!  GET /units/<code>/seat-overrides
y--y-xxxyy!  GET /units/<code>/seat-overrides/<string:override_id>
xx-y-xxxxx!  POST /units/<code>/seat-overrides
xx-y-xxxxx!  DELETE /units/<code>/seat-overrides/<string:override_id>
xxxxxxxxxy!  PUT /settings/<string:setting>
yyyyyxxxxx!  POST /errands
yyyyyyxyyy!  GET /errands
yyyyyxxyyy!  GET /errands/stuck
yyyyyxxyyy!  POST /errands/lookups
y--y--xyyy!  GET /errands/<string:errand_id>
y--y--xyyy!  GET /errands/<string:errand_id>/slip
y--y--xyyy!  GET /errands/<string:errand_id>/mandate.html
y--y--xyyy!  GET /errands/<string:errand_id>/decision.html
y--y--xyyy!  GET /errands/<string:errand_id>/undertaking.html
y--y-xxxxx!  POST /errands/<string:errand_id>/supplement-notices
y--y--xyyy!  GET /errands/<string:errand_id>/supplement-notices
y--y--xyyy!  GET /errands/<string:errand_id>/supplement-notices/<int:n>
y--y--xyyy!  GET /errands/<string:errand_id>/supplement-notices/<int:n>/notice.html
yyyyyxxxyy!  GET /findings
y--y-xxxyy!  GET /findings/<string:finding_id>
yyyyyxxyyy!  GET /refusals
yyyyyxxyyy!  GET /off-hours-work
y--y--xyyy!  GET /errands/<string:errand_id>/events
y--y--xyyy!  GET /errands/<string:errand_id>/clock
y--y-xxxxx!  PUT /errands/<string:errand_id>/acceptance
y--y-xxxxx!  PUT /errands/<string:errand_id>/declination
y--y-xxxxx!  PUT /errands/<string:errand_id>/withdrawal
y--y-xxxxx!  PUT /errands/<string:errand_id>/materials
y--y-xxxxx!  PUT /errands/<string:errand_id>/mandate
y--y-xxxxx!  PUT /errands/<string:errand_id>/completion
y--y-xxxxx!  PUT /errands/<string:errand_id>/delivery
y--y-xxxxx!  PUT /errands/<string:errand_id>/closing
y--y-xxxxx!  POST /errands/<string:errand_id>/suspensions
y--y--xyyy!  GET /errands/<string:errand_id>/suspensions
y--y--xyyy!  GET /errands/<string:errand_id>/suspensions/<int:n>
y--y--xyyy!  GET /errands/<string:errand_id>/suspensions/<int:n>/notice.html
y--y-xxxxx!  PUT /errands/<string:errand_id>/suspensions/current/end
xxxy--xxxx!  PUT /errands/<string:errand_id>/extension
xxxy-xxxxx!  POST /errands/<string:errand_id>/reversals
y--y-xxxxx!  PUT /errands/<string:errand_id>/hand-in
y--y-xxxxx!  POST /errands/<string:errand_id>/handovers
y--y--xyyy!  GET /errands/<string:errand_id>/handovers
y--y--xyyy!  GET /errands/<string:errand_id>/handovers/<int:n>
yyyyyxxxxx!  GET /handovers
y--y-xxxxx!  PUT /errands/<string:errand_id>/handovers/<int:n>/acceptance
y--y-xxxxx!  PUT /errands/<string:errand_id>/handovers/<int:n>/refusal
y--y-xxxxx!  PUT /errands/<string:errand_id>/handovers/<int:n>/withdrawal
y--y-xxxxx!  POST /errands/<string:errand_id>/forwardings
y--y--xyyy!  GET /errands/<string:errand_id>/forwardings
y--y--xyyy!  GET /errands/<string:errand_id>/forwardings/<int:n>
xxxxxyxyyy!  GET /forwardings
xxxxx-xxxx!  PUT /errands/<string:errand_id>/forwardings/<int:n>/answer
y--y-xxxxx!  PUT /errands/<string:errand_id>/forwardings/<int:n>/recall
y--y-xxxxx!  POST /errands/<string:errand_id>/notes
y--y--xyyy!  GET /errands/<string:errand_id>/notes
y--y--xyyy!  GET /errands/<string:errand_id>/notes/<string:part_id>
y--y-xxxxx!  POST /errands/<string:errand_id>/trips
y--y--xyyy!  GET /errands/<string:errand_id>/trips
y--y--xyyy!  GET /errands/<string:errand_id>/trips/<string:part_id>
y--y-xxxxx!  POST /errands/<string:errand_id>/payments
y--y--xyyy!  GET /errands/<string:errand_id>/payments
y--y--xyyy!  GET /errands/<string:errand_id>/payments/<string:part_id>
yyyyyyxyyy!  GET /errands/export.xlsx
yyyyyxxxxx!  GET /errands/register-template.xlsx
yyyyyxxxxx!  POST /errands/imports
yyyyyxxxxx!  GET /errands/imports
y--y-xxxxx!  GET /errands/imports/<string:import_id>
y--y-xxxxx!  PUT /errands/imports/<string:import_id>/confirmation
yyyyyyyyyyy  POST /appointments
yyyyyxxyyy!  GET /appointments
y--y-xxyyy!  GET /appointments/<string:appointment_id>
y--y-xxyyy!  GET /appointments/<string:appointment_id>/events
xx-y-xxxxx-  PUT /appointments/<string:appointment_id>/confirmation
xx-y-xxxxx!  PUT /appointments/<string:appointment_id>/rescheduling
xx-y-xxxxx!  PUT /appointments/<string:appointment_id>/cancellation
xx-y-xxxxx!  PUT /appointments/<string:appointment_id>/check-in
xx-y-xxxxx!  PUT /appointments/<string:appointment_id>/completion
xx-y-xxxxx!  PUT /appointments/<string:appointment_id>/no-show
y--y-xxxyy!  POST /appointments/<string:appointment_id>/full-view
xxyyyxxxxx!  POST /waiting-list
yyyyyxxyyy!  GET /waiting-list
y--y-xxyyy!  GET /waiting-list/<string:waiting_id>
xx-y-xxxxx!  PUT /waiting-list/<string:waiting_id>/offer/acceptance
xx-y-xxxxx!  PUT /waiting-list/<string:waiting_id>/withdrawal
yyyyyxxyyy!  GET /booking-blocks
y--y-xxyyy!  GET /booking-blocks/<string:block_id>
xx-y-xxxxx!  POST /booking-blocks/<string:block_id>/appeals
xxxy-xxxxx!  PUT /booking-blocks/<string:block_id>/decision
yyyyyyxyyy!  GET /call-tasks
y--y--xyyy!  GET /call-tasks/<string:task_id>
y--y-xxxxx!  PUT /call-tasks/<string:task_id>/outcome
yyyyyxxxxx!  POST /visits
yyyyyyxyyy!  GET /visits
y--y--xyyy!  GET /visits/<string:visit_id>
y--y--xyyy!  GET /visits/<string:visit_id>/events
y--y-xxxxx!  PUT /visits/<string:visit_id>/schedule
y--y-xxxxx!  PUT /visits/<string:visit_id>/departure
y--y-xxxxx!  PUT /visits/<string:visit_id>/arrival
y--y-xxxxx!  PUT /visits/<string:visit_id>/completion
y--y-xxxxx!  PUT /visits/<string:visit_id>/sign-off
y--y-xxxxx!  PUT /visits/<string:visit_id>/failure
y--y-xxxxx!  PUT /visits/<string:visit_id>/cancellation
y--y-xxxxx!  POST /visits/<string:visit_id>/errands
y--y-xxxxx!  POST /visits/<string:visit_id>/full-view
y--y--xyyy!  GET /agents/<string:account_id>/day-plan
yyyyyyyyyyy  GET /bulletins
yyyyyyyyyyy  GET /bulletins/<string:week>
-----------  GET /bulletins/<string:week>.json
yyyyyyyyyyy  GET /bulletins/<string:week>.xlsx
yyyyyyyyyyy  GET /bulletins/<string:week>.docx
xxxxxxxyxx!  PUT /bulletins/<string:week>/issue
xxxyyxxyyy!  GET /weekly-reports/years/<int:year>
xxxyyxxyyy!  GET /weekly-reports/years/<int:year>/chart.svg
xxxyyyxyyy!  GET /report-problems
xxxy--xyyy!  GET /report-problems/<string:problem_id>
xxxxx-xxxx!  PUT /report-problems/<string:problem_id>/answer
xxxyyyyyyy!  GET /project-templates
xxxxxxxxxy!  POST /project-templates
xxxyyyyyyy!  GET /project-templates/<string:reference>
xxxxxxxxxy!  PUT /project-templates/<string:reference>/publication
xxxyyyyyyy!  GET /projects
xxxxxxyxxx!  POST /projects
xxxy--yyyy!  GET /projects/<string:project_id>
xxxxxxyxxx!  PATCH /projects/<string:project_id>
xxxxxxyxxx!  PUT /projects/<string:project_id>/abandonment
xxxy--yyyy!  GET /projects/<string:project_id>/procedures
xxxxxxyxxx!  POST /projects/<string:project_id>/procedures
xxxy--yyyy!  GET /projects/<string:project_id>/procedures/<string:code>
xxxxxxyxxx!  POST /projects/<string:project_id>/procedures/<string:code>/departments
xxxy--yyyy!  GET /projects/<string:project_id>/graph
xxxy--yyyy!  GET /projects/<string:project_id>/graph.svg
yyyyyyyyyyy  POST /progress
yyyyyyyyyyy  PUT /progress/cancellation
yyyyyyyyyyy  GET /coverage
yyyyyyyyyyy  GET /coverage/targets
xxxxxxxyxx!  PUT /coverage/targets
yyyyyyyyyyy  GET /coverage/onboarded
yyyyyyyyyyy  GET /checklists
xxxxxxxyxy!  POST /checklists
xxxyyxxyyy!  GET /sites
xxxy-xxyyy!  GET /sites/<string:unit_code>
xxxyyxxyyy!  GET /weekly-reports
xxxy-xxyyy!  GET /weekly-reports/<string:week>/<string:unit_code>
xxxy-xxxxx!  PUT /weekly-reports/<string:week>/<string:unit_code>
xxxy-xxxxx!  PUT /weekly-reports/<string:week>/<string:unit_code>/filing
xxxxxxxyxx!  PUT /weekly-reports/<string:week>/<string:unit_code>/return
xxxxxxxyxx!  PUT /weekly-reports/<string:week>/<string:unit_code>/acceptance
xxxy-xxxxx!  POST /weekly-reports/<string:week>/<string:unit_code>/corrections
xxxy-xxyyy!  GET /weekly-reports/<string:week>/<string:unit_code>/revisions
xxxy-xxyyy!  GET /weekly-reports/<string:week>/<string:unit_code>/revisions/<int:n>
xxxy-xxyyy!  GET /weekly-reports/<string:week>/<string:unit_code>/form.xlsx
xxxy-xxxxx!  POST /weekly-reports/<string:week>/<string:unit_code>/form
xxx--xx---!  GET /weekly-reports/<string:week>/<string:unit_code>/photos/<sha256>
yyyyyyyyyyy  GET /units/<code>/card
yyyyyyyyyyy  GET /bulletins/<string:week>.html
yyyyyyyyyy!  DELETE /sessions/current
"""
"""``y`` let in (then shape, headers and state decide), ``x`` 403 by role, ``-`` 404, ``!`` 401."""

UPLOADS = (
    "POST /files", "POST /errands/imports", "POST /weekly-reports/<string:week>/<string:unit_code>/form",
)
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
    carrier = cast.sign_in(district_app.test_client(), "project-agent")
    project_id = project(carrier, township_code=cast.TOWNSHIP)["id"]
    return absent(agent, case["agent"]["id"], fixed_clock.now()) | {
        "conflict_id": conflict_id, "override_id": override_id,
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
        "problem_id": sql.value("SELECT id FROM report_problem"),
        "project_id": project_id, "reference": "sample",
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
    code = codes.get(rule.split("/")[1], "")
    known = names | {"code": code, "part_id": names["parts"].get(rule.split("/")[3] if rule.count("/") > 3 else "")}
    return re.sub(r"<(?:[^:>]+:)?([a-z0-9_]+)>", lambda found: str(known[found[1]]), rule)


def mark(answer):
    return {401: "!", 403: "x", 404: "-"}.get(answer.status_code, "y")


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
            sent = {"data": {"file": (BytesIO(b"x"), "x")}} if route in UPLOADS else {}
            found[route] += mark(caller._send(method, address(rule, names), **sent))
    assert "\n".join(f"{marks}  {route}" for route, marks in found.items()) == TABLE.strip()
