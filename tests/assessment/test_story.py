"""A half-year from its first card to the settlement and an appeal, by the routes and the jobs."""
from io import BytesIO

import openpyxl

from backend.clocks.actions import appealing as cards
from backend.core import sql
from backend.core.actor import Actor
from tests import cast
from tests.assessment import scored
from tests.assessment.scored import at, score, tick
from tests.clocks import watched
from tests.errands.test_notices import PART, tell
from tests.errands.test_story import registered
from tests.reports import filed
from tests.statements import count_statements

P = "/assessments/2026-H1"


def caller(app, who):
    return cast.sign_in(app.test_client(), who)


def test_a_half_year_of_an_agent(agent, district_app, fixed_clock):
    assert agent.get("/assessments").json["items"] == [] and agent.get(P).status_code == 404
    filed.tick(fixed_clock.now())
    tick(fixed_clock.now())
    assert agent.get(P).json["state"] == "open" and score(agent)["score"] == 100.0

    # what the rooms below record counts: a second notice, a red card, a report that is missing and then late
    case = registered(agent, **PART)
    tell(agent, case)
    tell(agent, case, legal_basis="某法第一条")
    watched.begin(case["id"], fixed_clock.now(), days=1, account_id=scored.agent_id())
    now = fixed_clock.set("2026-02-14 18:00")
    supervisor, office, agent, township, neighbour = (caller(district_app, who) for who in (
        "supervisor", "office", cast.AGENT, cast.OFFICE_OF_TOWNSHIP, cast.NEIGHBOUR_AGENT))
    watched.tick(now)
    filed.tick(now)
    tick(now)
    mine = score(agent)
    assert (mine["score"], mine["lines"], mine["grade"]) == (97.0, 2, "优秀")
    own = agent.get(f"{P}/scores/{mine['id']}").json
    assert sum(part["points"] for part in own["indicators"]) == 97.0
    lines = agent.get(f"{P}/scores/{mine['id']}/lines").json["items"]
    assert {line["kind"]: line["points"] for line in lines} == {"second_notice": -1.0, "card_red": -2.0}
    assert {line["source"]["note"] for line in lines} == {case["number"]}
    assert score(township, subject="unit", unit_code=cast.VILLAGE)["score"] == 97.0
    assert score(agent, subject="unit")["score"] == 97.0
    missing = score(township, subject="unit", unit_code=cast.TOWNSHIP)
    assert missing["score"] == 99.0
    tick(now)
    assert score(agent) == mine, "a second pass writes nothing"
    filed.file(cast.TOWNSHIP, "2026-W07", now)
    tick(now)
    late = score(township, subject="unit", unit_code=cast.TOWNSHIP)
    assert (late["score"], late["lines"]) == (99.5, 3), "late instead of missing, and nothing removed"

    # each sees his own
    stranger_sees = {who: caller(district_app, who).get(f"{P}/scores/{mine['id']}").status_code for who in (
        cast.NEIGHBOUR_AGENT, cast.OPERATOR, cast.FAR_OFFICE, cast.HANDLER, "project-agent", "office",
        cast.OFFICE_OF_TOWNSHIP, "admin",
    )}
    assert list(stranger_sees.values()) == [404, 404, 404, 404, 404, 200, 200, 200]
    assert neighbour.get(f"/evidence-lines/{lines[0]['id']}").status_code == 404
    assert score(caller(district_app, cast.HANDLER), subject="department")["subject"]["id"] == "MZ"
    assert [one["subject"]["id"] for one in office.get(f"{P}/scores?below=98").json["items"]] == [scored.agent_id()]

    # the supervisor enters what no room knows of; the agent appeals, once
    praise = {"kind": "praise", "basis": "区表扬通报第3号", "happened_on": "2026-02-13", "points": 3}
    for wrong in ({"points": -3}, {"happened_on": "2026-02-20"}, {"happened_on": "2025-12-31"}, {"points": 0}):
        assert supervisor.post(f"{P}/scores/{mine['id']}/lines", praise | wrong).status_code == 422
    assert office.post(f"{P}/scores/{mine['id']}/lines", praise).status_code == 403
    assert supervisor.post(f"{P}/scores/{mine['id']}/lines", praise).status_code == 201
    empty = supervisor.post(f"{P}/scores/{mine['id']}/lines", {
        "kind": "nobody_at_window", "basis": "巡查记录2月13日", "happened_on": "2026-02-13"}).json
    assert (empty["points"], empty["cause"], score(agent)["score"]) == (-2.0, "hand", 98.0)
    line = f"/evidence-lines/{empty['id']}"
    assert neighbour.post(f"{line}/appeals", {"reason": "x"}).status_code == 404
    assert township.post(f"{line}/appeals", {"reason": "代他申诉"}).json["type"] == "/problems/line-not-yours"
    made = agent.post(f"{line}/appeals", {"reason": "当时在上门服务"})
    assert made.status_code == 201 and agent.get(line).json["state"] == "appealed"
    assert agent.post(f"{line}/appeals", {"reason": "再申诉"}).json["type"] == "/problems/illegal-move"
    ruling = f"/assessment-appeals/{made.json['id']}"
    assert [one["id"] for one in supervisor.get("/assessment-appeals").json["items"]] == [made.json["id"]]
    assert office.put(f"{ruling}/decision", {"upheld": True, "reason": "属实"}).status_code == 403
    assert supervisor.put(f"{ruling}/decision", {"upheld": True, "reason": "属实"}, etag='"9-x"').status_code == 412
    tag = supervisor.get(ruling).headers["ETag"]
    decided = supervisor.put(f"{ruling}/decision", {"upheld": True, "reason": "属实"}, etag=tag)
    assert decided.json["state"] == "upheld" and score(agent)["score"] == 100.0
    again = supervisor.put(f"{ruling}/decision", {"upheld": False, "reason": "不实"})
    assert again.json["type"] == "/problems/illegal-move"
    shown = agent.get(f"{P}/scores/{mine['id']}/lines").json["items"]
    pairs = {(one["id"], one["reversed_by"]) for one in shown if one["reversed_by"]}
    assert pairs == {(one["reverses"], one["id"]) for one in shown if one["reverses"]} and len(pairs) == 1
    assert sorted(one["state"] for one in shown) == ["reversal", "reversed", "standing", "standing", "standing"]

    # settled with the half-year, once; what was hidden of it comes out of the lines again
    assert tick(at("2026-06-30 23:59")) == 0
    now = fixed_clock.set("2026-07-01 00:01")
    assert tick(now) == 1 and tick(now) == 0
    assert scored.tell(now, mine["id"]) == 1 and scored.tell(now, mine["id"]) == 0
    supervisor, office, agent = (caller(district_app, who) for who in ("supervisor", "office", cast.AGENT))
    half = office.get(P).json
    assert half["state"] == "settled" and half["summary"]["agent"]["count"] > 10 and half["content_sha256"]
    mine = agent.get(f"{P}/scores/{mine['id']}").json
    assert (mine["settled_score"], mine["revision"], mine["rank"]) == (100.0, 1, 1)
    check = office.get(f"{P}/recomputation").json
    assert check["same"] and check["content_sha256"] == half["content_sha256"] and check["differing"] == []
    assert supervisor.post(f"{P}/scores/{mine['id']}/lines", praise).json["type"] == "/problems/illegal-move"
    assert agent.get("/assessments/2026-H2").json["state"] == "open"

    # a card that falls later changes it by a reversing line: the settled score stands beside it
    card = sql.value("SELECT id FROM card WHERE rung = 'red'")
    me = Actor(scored.agent_id(), "", "agent", cast.VILLAGE)
    cards.appeal(card, reason="已按时办结", actor=me, now=now)
    judge = Actor("judge", "", "supervisor", cast.DISTRICT)
    cards.decide(card, 1, upheld=True, reason="属实", actor=judge, now=now)
    tick(now)
    scored.tell(now, mine["id"])
    mine = agent.get(f"{P}/scores/{mine['id']}").json
    assert (mine["score"], mine["settled_score"], mine["revision"]) == (102.0, 100.0, 2)
    assert [one["score"] for one in mine["revisions"]] == [102.0, 100.0]
    check = office.get(f"{P}/recomputation").json
    assert check["same"] and check["content_sha256"] == half["content_sha256"]
    told = [row["template"] for row in sql.plain(
        "SELECT template FROM notice WHERE recipient_id = ? AND subject_id = ? ORDER BY template",
        (scored.agent_id(), mine["id"]))]
    assert told == ["score_appeal_decided", "score_changed", "score_entered", "score_entered", "score_settled"]

    # the time for appeals is over on the 10th working day after
    fixed_clock.set("2026-07-15 17:31")
    agent = caller(district_app, cast.AGENT)
    second = next(one for one in shown if one["kind"] == "second_notice")
    answer = agent.post(f"/evidence-lines/{second['id']}/appeals", {"reason": "太晚"})
    assert answer.json["type"] == "/problems/appeal-too-late"
    book = openpyxl.load_workbook(BytesIO(caller(district_app, "office").get(f"{P}/export.xlsx").data))
    assert book.sheetnames == ["代办员", "机构", "部门", "依据", "说明"]
    assert book["代办员"].max_row == half["summary"]["agent"]["count"] + 1
    with count_statements() as statements:
        assert caller(district_app, "office").get(f"{P}/scores?limit=200").status_code == 200
    assert len([text for text in statements if "standing" in text]) == 1
