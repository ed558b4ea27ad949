"""Weekly, ten-day and monthly cycles: orders made, late bodies named in a notice, once, whatever was down."""
from datetime import date

import orjson
import pytest

from backend.core import ledger, sql
from backend.core.actor import Call, system
from backend.reports.rules import bulletins as frozen
from backend.supervision.actions import cycling, ordering, replying
from backend.supervision.queries import cycles
from backend.supervision.rules import bodies
from tests import cast
from tests.reports.weekly import at
from tests.supervision import calls
from tests.supervision.calls import findings, pass_by, signed

MATTER = {"source": "decision", "what": "报送代办服务台账", "quality": "逐项填写"}
TOLD = "SELECT period, asked, on_time, late, missing FROM supervision_cycle WHERE closed_at IS NOT NULL AND kind = ?"


@pytest.fixture
def supervisor(district_app):
    return calls.actor("supervisor")


def stand(supervisor, cycle, now, **more):
    given = MATTER | {"cycle": cycle, "unit_codes": [cast.VILLAGE, cast.TOWNSHIP], "department_codes": ["MZ"]} | more
    return cycling.stand(given, actor=supervisor, now=now)


def made(period):
    return {row["target_code"]: row["id"] for row in sql.plain(
        "SELECT id, target_code FROM supervision_order WHERE period = ?", (period,))}


def reply(order_id, who, now):
    replying.reply(order_id, text="已办", actor=calls.actor(who), now=now)


def closed(kind):
    return [tuple(row.values()) for row in sql.plain(f"{TOLD} ORDER BY period", (kind,))]


def named(notice):
    return {(one["code"], one["outcome"]) for one in orjson.loads(notice["late"])}


def test_a_week_asks_each_target_and_names_who_answered_late_or_not_at_all(supervisor, district_app):
    stand(supervisor, "weekly", at("2026-02-27 10:00"))
    pass_by(at("2026-02-27 10:01"))
    assert made("2026-W09") == {}, "it begins with the first whole period"
    for moment in ("2026-03-02 08:00", "2026-03-02 08:01"):
        pass_by(at(moment))
    orders = made("2026-W10")
    assert set(orders) == {cast.VILLAGE, cast.TOWNSHIP, "MZ"}
    reply(orders[cast.VILLAGE], cast.AGENT, at("2026-03-06 17:30"))
    pass_by(at("2026-03-06 17:30"))
    assert closed("weekly")[-1][0] == "2026-W09"
    pass_by(at("2026-03-06 17:31"))
    assert closed("weekly")[-1] == ("2026-W10", 3, 1, 0, 2)
    pass_by(at("2026-03-09 08:00"))
    reply(orders["MZ"], "handler-mz", at("2026-03-09 09:00"))
    pass_by(at("2026-03-13 18:00"))
    first, second = sql.plain("SELECT * FROM supervision_notice WHERE title LIKE '%周%' ORDER BY issued_at")
    assert named(first) == {(cast.TOWNSHIP, "missing"), ("MZ", "missing")}
    assert named(second) == {(cast.TOWNSHIP, "outstanding")} | {(code, "missing") for code in orders}
    assert closed("weekly")[-1] == ("2026-W11", 3, 0, 0, 3)
    body = orjson.loads(first["body"])
    assert frozen.sha256(first["body"]) == first["content_sha256"] and body["number"] == "督查通报〔2026〕1号"
    assert body["text"].startswith("截至2026年3月6日17:30，2026年第10周督办事项应回复3件，按时1件")
    assert not body["public"]
    assert {row["kind"] for row in sql.plain("SELECT kind FROM notice_about")} == {"cycle"}
    shown = signed(district_app, cast.AGENT).get(f"/notices/{first['id']}").json
    assert shown["late"][0]["name"] and shown["kind"] == "criticism"


def test_periods_that_were_slept_through_are_closed_once_each_and_make_no_orders(supervisor):
    matter = stand(supervisor, "ten_day", at("2026-02-12 10:00"), from_on=date(2026, 2, 21))
    given = {"unit_code": cast.VILLAGE, "due_on": date(2026, 2, 26)} | {name: MATTER[name] for name in MATTER}
    ordering.issue(given, actor=supervisor, now=at("2026-02-12 10:00"))
    pass_by(at("2026-02-12 10:01"))
    for moment in ("2026-03-25 10:00", "2026-03-25 10:01"):
        pass_by(at(moment))
    assert closed("ten_day") == [
        ("2026-02-1", 0, 0, 0, 0), ("2026-02-2", 0, 0, 0, 0), ("2026-02-3", 1, 0, 0, 1), ("2026-03-1", 0, 0, 0, 0),
        ("2026-03-2", 0, 0, 0, 0),
    ]
    assert [row[0] for row in closed("weekly")][-3:] == ["2026-W10", "2026-W11", "2026-W12"]
    assert closed("monthly")[-1] == ("2026-02", 1, 0, 0, 1)
    assert set(made("2026-03-3")) == {cast.VILLAGE, cast.TOWNSHIP, "MZ"} and made("2026-03-1") == {}
    assert findings() == [(cast.VILLAGE, "order_unanswered")]
    cycling.end(matter, reason="不再需要", actor=supervisor.calling(Call()), now=at("2026-03-25 11:00"))
    pass_by(at("2026-04-01 10:00"))
    assert made("2026-04-1") == {}
    acts = [each["action"] for each in ledger.history("supervision_cycle", f"ten_day/2026-02-3/{cast.DISTRICT}")]
    assert acts == ["cycle.close"]


def test_a_period_found_on_its_last_day_asks_nothing(supervisor):
    stand(supervisor, "weekly", at("2026-02-27 10:00"))
    pass_by(at("2026-03-06 09:00"))
    assert made("2026-W10") == {} and cycles.has_begun(cast.DISTRICT, "weekly", "2026-W10")


def test_periods_close_in_their_order_only(supervisor):
    who = {"actor": system("turn-cycles"), "now": at("2026-03-25 10:00")}
    assert cycling.close(cast.DISTRICT, "weekly", "2026-W10", **who) == 1
    assert cycling.close(cast.DISTRICT, "weekly", "2026-W12", **who) == 0, "the week before it is not closed"
    assert cycling.close(cast.DISTRICT, "weekly", "2026-W10", **who) == 0
    assert cycling.close(cast.DISTRICT, "weekly", "2026-W11", **who) == 1


def test_cycles_and_matters_over_the_wire(district_app, fixed_clock):
    caller = signed(district_app, "supervisor")
    body = MATTER | {"cycle": "monthly", "unit_codes": [cast.VILLAGE]}
    one = caller.post("/standing-matters", body)
    assert (one.status_code, one.json["targets"], one.json["from_on"]) == (201, [cast.VILLAGE], "2026-02-12")
    wrong = caller.post("/standing-matters", body | {"unit_codes": []})
    assert list(wrong.json["errors"]) == ["unit_codes"]
    assert signed(district_app, "office").get("/standing-matters").json["items"][0]["id"] == one.json["id"]
    assert signed(district_app, cast.AGENT).get("/standing-matters").status_code == 403
    pass_by(fixed_clock.at)
    assert {each["kind"] for each in caller.get("/supervision-cycles").json["items"]} == {
        "weekly", "ten_day", "monthly"}
    page = caller.get("/supervision-cycles?limit=1").json
    assert caller.get(f"/supervision-cycles?limit=1&cursor={page['next_cursor']}").json["items"] != page["items"]
    assert caller.get("/supervision-cycles/monthly/2026-02").json["closed_at"] is None
    assert caller.get("/supervision-cycles/monthly/2030-02").status_code == 404
    ended = caller.put(f"/standing-matters/{one.json['id']}/end", {"reason": "改为专项"})
    assert ended.json["state"] == "ended" and caller.get("/standing-matters").json["items"] == []


def test_two_processes_close_and_begin_a_period_once(supervisor, together):
    for n in range(5):
        stand(supervisor, "weekly", at("2026-02-27 10:00"), what=f"第{n}项")
    late = bodies.columns(cast.VILLAGE, cast.DISTRICT, "百花社区")
    assert late["township_code"] == cast.TOWNSHIP
    found = together(lambda n: (pass_by(at("2026-03-02 08:00")), pass_by(at("2026-03-06 18:00"))), 4)
    assert all(not isinstance(each, Exception) for each in found), found
    assert len(sql.plain("SELECT id FROM supervision_order WHERE period = '2026-W10'")) == 15
    assert [row[0] for row in closed("weekly")] == ["2026-W09", "2026-W10"]
    assert len(sql.plain("SELECT id FROM supervision_notice")) == 1
    assert len(findings()) == 15
