"""Accounts over HTTP: who sees whom, one role each, two persons for the powerful."""
import pytest

from backend.core import actor as roles
from backend.core import ledger, sql
from backend.people import queries
from backend.people.actions import accounts
from backend.people.rules.accounts import LastAdmin

from .conftest import DISTRICT, OTHER_TOWN, PASSWORD, TOWN, VILLAGE

NEW = {"username": "newcomer", "name": "新人", "role": "agent", "unit_code": VILLAGE}


def usernames(desk, path="/accounts"):
    return {item["name"].removeprefix("员工") for item in desk.get(path).json["items"]}


ABOVE = {"admin", "admin2", "office", "supervisor", "projects", "handler"}


@pytest.mark.parametrize(("who", "seen"), [
    ("agent", {"agent", "town", "operator"} | ABOVE),
    ("operator", {"agent", "agent2", "town", "operator"} | ABOVE),
    ("town2", {"agent3", "town2"} | ABOVE),
    ("office", {"agent", "agent2", "agent3", "town", "town2", "operator"} | ABOVE),
])
def test_one_sees_the_own_subtree_and_the_units_straight_above(desk, who, seen):
    assert usernames(desk(who)) == seen


def test_lists_are_filtered_and_repeated_filters_mean_or(desk):
    admin = desk("admin")
    assert usernames(admin, f"/accounts?unit_code={TOWN}") == {"town", "operator"}
    both = f"/accounts?unit_code={TOWN}&unit_code={OTHER_TOWN}&role=township"
    assert usernames(admin, both) == {"town", "town2"}
    assert usernames(admin, "/accounts?department_code=MZ") == {"handler"}
    assert usernames(desk("agent"), f"/accounts?unit_code={OTHER_TOWN}") == set()
    assert admin.get("/accounts?role=king").status_code == 422


def test_pages_follow_each_other_without_gap(desk):
    admin, seen, path = desk("admin"), [], "/accounts?limit=5"
    while path:
        page = admin.get(path).json
        seen += [item["id"] for item in page["items"]]
        path = page["next_cursor"] and f"/accounts?limit=5&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 12


def test_a_list_of_staff_takes_two_statements(desk, statements):
    here = desk("agent")
    statements.clear()
    here.get("/accounts")
    assert len(statements) == 2


def test_a_colleague_shows_name_and_place_an_admin_sees_the_sheet(desk, staff):
    plain = desk("agent").get(f"/accounts/{staff['town']}").json
    assert set(plain) == {"id", "name", "role", "unit_code", "department_code"}
    assert desk("admin").get(f"/accounts/{staff['town']}").json["username"] == "town"


def test_a_foreign_colleague_is_as_absent_as_none(desk, staff):
    foreign, absent = (desk("agent").get(f"/accounts/{name}") for name in (staff["agent3"], "x" * 36))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.data.replace(staff["agent3"].encode(), b"") == absent.data.replace(b"x" * 36, b"")


def test_a_new_agent_signs_in_with_the_one_time_password_and_changes_it(desk, stranger, fixed_clock):
    admin = desk("admin")
    made = admin.post("/accounts", NEW, key="key-00001")
    assert made.status_code == 201, made.json
    password = made.json["one_time_password"]
    again = admin.post("/accounts", NEW, key="key-00001")
    assert again.json == made.json and again.headers["Idempotent-Replayed"] == "true"
    told = stranger.call("POST", "/sessions", {"username": "newcomer", "password": password}).json
    assert told["password_change_due"] and told["expires_at"] == "2026-02-12T11:00:00+08:00"
    stranger.token = told["token"]
    change = {"old": password, "new": "battery staple 9"}
    assert stranger.call("PUT", "/me/password", change).status_code == 200
    assert admin.post("/accounts", NEW, key="key-00001").json["one_time_password"] is None
    stored = str(sql.rows("SELECT * FROM account"))
    assert password not in stored


def test_a_one_time_password_ends_after_a_week(desk, stranger, fixed_clock):
    password = desk("admin").post("/accounts", NEW).json["one_time_password"]
    fixed_clock.advance(days=7)
    answer = stranger.call("POST", "/sessions", {"username": "newcomer", "password": password})
    assert answer.status_code == 401


@pytest.mark.parametrize(("change", "field"), [
    ({"role": "township"}, "unit_code"), ({"role": "admin"}, "unit_code"),
    ({"role": "agent", "unit_code": DISTRICT}, "unit_code"), ({"unit_code": "331003999999"}, "unit_code"),
    ({"unit_code": "330000000000"}, "unit_code"), ({"department_code": "MZ"}, "department_code"),
    ({"role": "handler", "unit_code": DISTRICT}, "department_code"),
    ({"role": "handler", "unit_code": DISTRICT, "department_code": "XX"}, "department_code"),
    ({"username": "Ab"}, "username"), ({"role": "king"}, "role"), ({"name": " "}, "name"),
])
def test_a_role_has_to_fit_its_place(desk, change, field):
    answer = desk("admin").post("/accounts", NEW | change)
    assert answer.status_code == 422 and list(answer.json["errors"]) == [field]


def test_a_taken_username_is_a_conflict(desk):
    answer = desk("admin").post("/accounts", NEW | {"username": "agent"})
    assert answer.status_code == 409 and answer.json["type"] == "/problems/username-taken"


def test_only_admins_make_and_change_accounts(desk, staff):
    for name in ("agent", "town", "office", "supervisor"):
        here = desk(name)
        assert here.post("/accounts", NEW).status_code == 403
        assert here.patch(f"/accounts/{staff['agent']}", {"name": "乙"}).status_code == 403
        assert here.put(f"/accounts/{staff['agent']}/disabling").status_code == 403


BOSS = {"username": "boss", "name": "新督", "role": "supervisor", "unit_code": DISTRICT}


def test_a_supervisor_needs_a_second_admin_before_he_signs_in(desk, stranger):
    first, second = desk("admin"), desk("admin2")
    made = first.post("/accounts", BOSS).json
    assert made["state"] == "pending"
    body = {"username": "boss", "password": made["one_time_password"]}
    assert stranger.call("POST", "/sessions", body).status_code == 401
    path = f"/accounts/{made['id']}/approval"
    assert first.put(path).status_code == 403
    approved = second.put(path).json
    assert approved["state"] == "enabled"
    assert second.put(path).status_code == 409
    halves = made["one_time_password"], approved["one_time_password"]
    for password, status in ((halves[0], 401), (halves[1], 401), ("".join(halves), 201)):
        assert stranger.call("POST", "/sessions", body | {"password": password}).status_code == status


def test_who_moves_to_another_place_with_his_powers_is_approved_anew(desk, staff):
    sql.execute("UPDATE unit SET level = 'district' WHERE code = ?", (TOWN,))
    path = f"/accounts/{staff['supervisor']}"
    assert desk("admin").patch(path, {"unit_code": TOWN}).json["state"] == "pending"
    assert desk("admin").put(path + "/approval").status_code == 403


def test_nobody_is_promoted_while_an_admin_knows_his_password(desk):
    made = desk("admin").post("/accounts", NEW | {"role": "office", "unit_code": DISTRICT}).json
    refused = desk("admin").patch(f"/accounts/{made['id']}", {"role": "admin"})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/strangers-password")


def test_an_admin_does_not_make_himself_head(desk, staff):
    own = {"account_id": staff["admin"]}
    assert desk("admin").put(f"/posts/{DISTRICT}/head", own).status_code == 403
    assert desk("admin").put(f"/posts/{DISTRICT}/duty", own).status_code == 200


def test_a_promotion_needs_a_second_admin_and_ends_the_sessions(desk, staff):
    office, first = desk("office"), desk("admin")
    path = f"/accounts/{staff['office']}"
    assert first.patch(path, {"role": "admin"}).json["state"] == "pending"
    assert office.get("/me").status_code == 401
    assert first.put(path + "/approval").status_code == 403
    assert desk("admin2").put(path + "/approval").status_code == 200


def test_nobody_grants_to_himself(desk, staff):
    path = f"/accounts/{staff['admin']}"
    assert desk("admin").patch(path, {"role": "supervisor"}).status_code == 403
    assert desk("admin").put(path + "/password-reset").status_code == 403
    assert desk("admin").patch(path, {"name": "新名"}).json["name"] == "新名"


def test_resetting_an_admins_password_needs_a_second_admin_too(desk, staff, stranger):
    path = f"/accounts/{staff['admin2']}"
    told = desk("admin").put(path + "/password-reset").json
    body = {"username": "admin2", "password": told["one_time_password"]}
    assert stranger.call("POST", "/sessions", body).status_code == 401
    assert desk("admin").put(path + "/approval").status_code == 403


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(desk, staff, stranger):
    agent, path = desk("agent"), f"/accounts/{staff['agent']}/password-reset"
    told = desk("admin").put(path)
    assert agent.get("/me").status_code == 401
    for password, status in ((PASSWORD, 401), (told.json["one_time_password"], 201)):
        body = {"username": "agent", "password": password}
        assert stranger.call("POST", "/sessions", body).status_code == status
    again = desk("admin").put(path)
    assert again.json["one_time_password"] != told.json["one_time_password"]


def test_a_disabled_accounts_sessions_end_at_once_and_it_can_come_back(desk, staff, stranger):
    agent, path = desk("agent"), f"/accounts/{staff['agent']}/disabling"
    answer = desk("admin").put(path, {"reason": "离岗"})
    assert answer.json["state"] == "disabled" and agent.get("/me").status_code == 401
    assert desk("admin").put(path).status_code == 409
    assert queries.agents_of(VILLAGE) == []
    assert desk("admin").delete(path).status_code == 204
    body = {"username": "agent", "password": PASSWORD}
    assert stranger.call("POST", "/sessions", body).status_code == 201
    entries = ledger.history("account", staff["agent"])
    assert [entry["action"] for entry in entries] == ["account.disable", "account.enable", "session.begin"]
    assert entries[0]["detail"] == {"reason": "离岗", "sessions_ended": 1}


def test_the_last_admin_stays(desk, staff):
    admin = desk("admin")
    assert admin.put(f"/accounts/{staff['admin2']}/disabling").status_code == 200
    answer = admin.put(f"/accounts/{staff['admin']}/disabling")
    assert answer.status_code == 409 and answer.json["type"] == "/problems/last-admin"


def test_two_admins_cannot_shut_each_other_out(acting, staff, now, together):
    names = ["admin", "admin2"]
    admins = [acting(name) for name in names]
    found = together(lambda n: accounts.disable(
        staff[names[1 - n]], reason="", actor=admins[n], now=now), 2)
    assert sum(isinstance(item, LastAdmin) for item in found) == 1


def test_changes_are_guarded_by_the_version_seen(desk, staff):
    admin, path = desk("admin"), f"/accounts/{staff['agent']}"
    tag = admin.get(path).headers["ETag"]
    assert admin.patch(path, {"name": "甲"}, match=tag).status_code == 200
    assert admin.patch(path, {"name": "乙"}, match=tag).status_code == 412
    assert admin.call("PATCH", path, {"name": "乙"}).status_code == 428
    assert admin.call("PATCH", "/accounts/nobody", {"name": "乙"}).status_code == 404


def test_an_agent_moves_and_sees_the_new_place_at_once(desk, staff):
    agent = desk("agent")
    answer = desk("admin").patch(f"/accounts/{staff['agent']}", {"unit_code": TOWN})
    assert answer.json["unit_code"] == TOWN
    assert agent.get("/me").json["unit_code"] == TOWN


def test_the_command_line_makes_an_admin_who_signs_in_at_once(stranger, now):
    system = roles.system("create-account")
    accounts.create(username="Root", name="管理员", role="admin", unit_code=DISTRICT,
                    password="battery staple 9", actor=system, now=now)
    body = {"username": "root", "password": "battery staple 9"}
    assert stranger.call("POST", "/sessions", body).status_code == 201


def test_samples_are_marked_and_entered_once(staff):
    assert queries.has_samples()
    assert sql.value("SELECT count(*) FROM ledger_entry") == 1


def test_names_and_agents_by_the_queries_others_use(staff):
    assert queries.names([staff["agent"], staff["town"], "x"]) == {
        staff["agent"]: "员工agent", staff["town"]: "员工town",
    }
    assert queries.agents_of(VILLAGE) == [{"id": staff["agent"], "name": "员工agent"}]
    assert queries.account("x") is None and queries.names([]) == {}
