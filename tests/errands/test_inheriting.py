"""Disabled accounts leave no orphans: the duty post of the unit inherits their open errands."""
import logging

import pytest

from backend.core import db, ledger, sql
from backend.core.actor import system
from backend.errands.jobs import inheriting as jobs
from backend.errands.queries import orphans
from tests import cast
from tests.cast import errand
from tests.statements import count_statements


@pytest.fixture
def inherit(fixed_clock):
    """One pass of the job; how many errands went."""
    return lambda: jobs.inherit(actor=system("inherit-errands"), now=fixed_clock.now())


@pytest.fixture
def ids(district_app):
    return dict(sql.execute("SELECT username, id FROM account").fetchall())


def disable(admin, account_id):
    assert admin.put(f"/accounts/{account_id}/disabling", {"reason": "调离"}).status_code == 200


def vacate(admin, *places):
    for code, post in places:
        assert admin.put(f"/posts/{code}/{post}", {"account_id": None}).status_code == 200


def test_open_errands_of_a_disabled_agent_go_up_to_the_townships_duty_post(agent, township, admin, ids, inherit):
    """Rules 3.2, 4: his own posts are vacant now; clocks and first receiver stay."""
    before = agent.put(f"/errands/{agent.post('/errands', errand()).json['id']}/acceptance").json
    disable(admin, ids[cast.AGENT])
    assert inherit() == 1
    after = township.get(f"/errands/{before['id']}").json
    heir = {"id": ids[cast.OFFICE_OF_TOWNSHIP], "name": "东城街道管理员"}
    assert after == before | {"agent": heir, "version": before["version"] + 1}
    told = township.get(f"/errands/{before['id']}/events").json["items"][-1]
    assert (told["action"], told["detail"]) == ("inherit", {
        "from": ids[cast.AGENT], "to": heir["id"], "post": {"code": cast.TOWNSHIP, "post": "duty"},
    })
    done = township.put(f"/errands/{before['id']}/completion", {"outcome": "granted", "result": "已办"})
    assert done.status_code == 200


def test_a_pass_takes_each_errand_once_and_finished_ones_stay(agent, admin, ids, inherit):
    cases = [agent.post("/errands", errand()).json["id"] for _ in range(3)]
    agent.put(f"/errands/{cases[0]}/withdrawal", {})
    disable(admin, ids[cast.AGENT])
    assert [inherit(), inherit()] == [2, 0]
    assert sql.value("SELECT agent_id FROM errand WHERE id = ?", (cases[0],)) == ids[cast.AGENT]
    assert [entry["action"] for entry in ledger.history("errand", cases[1])] == ["errand.register", "errand.inherit"]


def test_a_holder_who_cannot_see_the_errand_is_passed_over(agent, admin, ids, inherit):
    """The township's operator reads his own unit's errands only (rules 12), so the next post inherits."""
    agent.post("/errands", errand())
    assert admin.put(f"/posts/{cast.VILLAGE}/duty", {"account_id": ids[cast.OPERATOR]}).status_code == 200
    disable(admin, ids[cast.AGENT])
    assert inherit() == 1
    assert sql.value("SELECT agent_id FROM errand") == ids[cast.OFFICE_OF_TOWNSHIP]


def test_where_nobody_up_to_the_township_inherits_the_errand_stays_and_is_told_once(
    agent, admin, ids, inherit, caplog, district_app
):
    """The district's office holds a post but carries no errands."""
    agent.post("/errands", errand())
    vacate(admin, (cast.TOWNSHIP, "duty"), (cast.TOWNSHIP, "head"))
    disable(admin, ids[cast.AGENT])
    with caplog.at_level(logging.WARNING, "daiban.jobs"):
        assert [inherit(), inherit()] == [0, 0]
    assert [record.getMessage() for record in caplog.records] == [
        f"open errands of unit {cast.VILLAGE} have no agent any more and no post to inherit them"
    ]
    assert orphans.count() == 1
    assert "\ndaiban_orphaned_errands 1\n" in district_app.test_client().get("/metrics").text
    admin.put(f"/posts/{cast.TOWNSHIP}/head", {"account_id": ids[cast.OFFICE_OF_TOWNSHIP]})
    assert (inherit(), orphans.count()) == (1, 0)


def test_open_errands_of_an_agent_who_went_to_another_unit_go_as_well(agent, township, admin, ids, inherit):
    """He does not see them any more, and what his phone still brings of them is refused (rules 9, 12)."""
    case = agent.post("/errands", errand()).json["id"]
    assert admin.patch(f"/accounts/{ids[cast.AGENT]}", {"unit_code": cast.NEIGHBOUR}).status_code == 200
    new = cast.errand(resident=errand()["resident"] | {"id_number": cast.id_number(2)})
    moved = agent.post("/errands", new).json
    assert agent.get(f"/errands/{case}").status_code == 404 and orphans.count() == 1
    assert [inherit(), inherit(), orphans.count()] == [1, 0, 0]
    assert township.get(f"/errands/{case}").json["agent"]["id"] == ids[cast.OFFICE_OF_TOWNSHIP]
    assert township.get(f"/errands/{moved['id']}").json["agent"] == moved["agent"], "what he took there is his"


def test_who_became_a_handler_carries_nothing_any_more(agent, admin, ids, inherit):
    agent.post("/errands", errand())
    place = {"role": "handler", "unit_code": cast.DISTRICT, "department_code": "MZ"}
    assert admin.patch(f"/accounts/{ids[cast.AGENT]}", place).status_code == 200
    assert [inherit(), orphans.count()] == [1, 0]


def test_an_account_enabled_again_before_the_pass_keeps_its_errands(agent, admin, ids, inherit):
    agent.post("/errands", errand())
    disable(admin, ids[cast.AGENT])
    admin.delete(f"/accounts/{ids[cast.AGENT]}/disabling")
    assert inherit() == 0


def test_finding_nothing_takes_one_statement_served_by_indexes(agent, admin, ids, inherit):
    agent.post("/errands", errand())
    disable(admin, ids[cast.NEIGHBOUR_AGENT])
    with count_statements() as seen:
        assert inherit() == 0
    assert len(seen) == 1
    if db.is_sqlite():
        plan = " ".join(row["detail"] for row in sql.plain("EXPLAIN QUERY PLAN " + seen[0]))
        assert "SCAN" not in plan.replace("SCAN l USING INDEX ledger_entry_grant", ""), plan
