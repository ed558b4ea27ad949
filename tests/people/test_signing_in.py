"""Signing in and out over HTTP: one refusal for all, lockout, sessions, passwords."""
from datetime import timedelta
from types import SimpleNamespace

import pytest

from backend.core import actor as roles
from backend.core import sql
from backend.core.problems import TooMany
from backend.people import jobs, queries
from backend.people.actions import sessions
from backend.people.rules import hash_password
from backend.people.rules.accounts import SignInRefused
from tests.conftest import FULL_COST

from .conftest import PASSWORD, VILLAGE


def sign_in(desk, username="agent", password=PASSWORD, **more):
    return desk.call("POST", "/sessions", {"username": username, "password": password} | more)


def signed_in(desk, username="agent", password=PASSWORD, **more):
    answer = sign_in(desk, username, password, **more)
    assert answer.status_code == 201, answer.json
    desk.token = answer.json["token"]
    return answer.json


def test_an_agent_signs_in_and_is_himself(stranger, staff):
    told = signed_in(stranger, " Agent ", device_name="华为手机")
    assert told["account"] == {
        "id": staff["agent"], "username": "agent", "name": "员工agent", "role": "agent",
        "unit_code": VILLAGE, "department_code": None,
    }
    assert len(told["token"]) == 43 and told["expires_at"] == "2026-03-14T10:00:00+08:00"
    assert not told["password_change_due"]
    assert stranger.get("/me").json["username"] == "agent"


def test_tokens_are_stored_hashed(stranger):
    token = signed_in(stranger)["token"]
    stored = sql.value("SELECT token_hash FROM session")
    assert token not in stored and len(stored) == 64


def test_authenticating_is_one_statement(stranger, statements, now):
    token = signed_in(stranger)["token"]
    statements.clear()
    actor = queries.authenticate(token, now)
    assert len(statements) == 1
    assert actor.role == "agent" and actor.unit_code == VILLAGE and actor.session_id


def test_unknown_wrong_and_disabled_get_the_same_bytes(stranger, desk, staff):
    assert desk("admin").put(f"/accounts/{staff['agent2']}/disabling").status_code == 200
    answers = [
        sign_in(stranger, "nobody"), sign_in(stranger, "agent", "wrong wrong"), sign_in(stranger, "agent2"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].json["type"] == "/problems/sign-in-refused"
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


def test_an_unknown_name_costs_the_same_hash(stranger, monkeypatch):
    for name, cost in zip(("MEMORY_KIB", "PASSES"), FULL_COST):
        monkeypatch.setattr(sessions.passwords, name, cost)
    sql.execute("UPDATE account SET password_hash = ?", (hash_password(PASSWORD),))
    seen = []
    plain = sessions.passwords.Argon2id.verify_phc_encoded

    def counted(text, stored):
        seen.append(stored.split("$")[:4])
        return plain(text, stored)

    monkeypatch.setattr(sessions.passwords, "Argon2id", SimpleNamespace(verify_phc_encoded=counted))
    for username in ("agent", "nobody"):
        assert sign_in(stranger, username, "wrong wrong").status_code == 401
    assert len(seen) == 2 and seen[0] == seen[1]


@pytest.mark.parametrize("username", ["agent", "nobody"])
def test_five_failures_lock_the_name_at_this_source_even_for_the_right_password(
    stranger, fixed_clock, username
):
    for _ in range(5):
        assert sign_in(stranger, username, "wrong wrong").status_code == 401
    refused = sign_in(stranger, username)
    assert refused.status_code == 429 and refused.headers["Retry-After"] == "900"
    fixed_clock.advance(minutes=14, seconds=59.5)
    assert sign_in(stranger, username).headers["Retry-After"] == "1"
    fixed_clock.advance(seconds=1)
    assert sign_in(stranger, username).status_code == (201 if username == "agent" else 401)


def test_others_at_the_same_source_are_not_locked(stranger):
    for _ in range(5):
        sign_in(stranger, "agent", "wrong wrong")
    assert sign_in(stranger, "agent2").status_code == 201


def try_from(source, username, password, now):
    return sessions.sign_in(username=username, password=password, source=source,
                            actor=roles.anonymous(), now=now)


def test_a_name_is_locked_for_all_after_twenty_failures_from_anywhere(staff, now):
    for number in range(20):
        with pytest.raises(SignInRefused):
            try_from(f"10.0.0.{number}", "agent", "wrong wrong", now)
    with pytest.raises(TooMany):
        try_from("10.0.1.1", "agent", PASSWORD, now)
    locks = sql.rows("SELECT subject_id, scope FROM ledger_entry WHERE action = 'account.lock'")
    assert locks == [{"subject_id": staff["agent"], "scope": VILLAGE}]


def test_a_source_is_locked_after_fifty_failures_over_any_names(staff, now, monkeypatch):
    monkeypatch.setattr(sessions.passwords, "is_password", lambda text, stored: text == PASSWORD)
    for number in range(50):
        with pytest.raises(SignInRefused):
            try_from("10.0.0.1", f"name-{number}", "wrong wrong", now)
    with pytest.raises(TooMany):
        try_from("10.0.0.1", "agent", PASSWORD, now)
    assert try_from("10.0.0.2", "agent", PASSWORD, now)["token"]


def test_a_right_password_forgets_the_failures(stranger):
    for _ in range(3):
        for _ in range(4):
            assert sign_in(stranger, "agent", "wrong wrong").status_code == 401
        assert sign_in(stranger).status_code == 201


def test_guesses_at_once_are_all_counted(staff, now, together):
    found = together(lambda n: try_from("10.0.0.1", "agent", "wrong wrong", now), 8)
    assert {type(error) for error in found} <= {SignInRefused, TooMany}
    assert sql.value("SELECT times FROM failed_try WHERE kind = 'pair'") >= 5
    with pytest.raises(TooMany):
        try_from("10.0.0.1", "agent", PASSWORD, now)


def test_many_devices_may_sign_in_at_once(staff, now, together):
    found = together(lambda n: try_from("10.0.0.1", "agent", PASSWORD, now), 6)
    assert len({made["token"] for made in found}) == 6


def test_a_forged_forwarding_header_does_not_escape_the_lock(stranger):
    body = {"username": "agent", "password": "wrong wrong"}
    for number in range(5):
        stranger.call("POST", "/sessions", body, X_Forwarded_For=f"10.0.0.{number}")
    assert sign_in(stranger).status_code == 429


@pytest.mark.parametrize(("role", "hours"), [("agent", 720), ("office", 12), ("supervisor", 12), ("admin", 12)])
def test_sessions_last_as_long_as_the_role_allows(stranger, fixed_clock, role, hours):
    signed_in(stranger, role)
    fixed_clock.advance(hours=hours, seconds=-1)
    assert stranger.get("/me").status_code == 200
    fixed_clock.advance(seconds=1)
    assert stranger.get("/me").status_code == 401


def test_signing_out_ends_this_session_only(stranger, desk):
    other = desk("agent")
    signed_in(stranger)
    answer = stranger.call("DELETE", "/sessions/current")
    assert answer.status_code == 204 and "Ledger-Receipt" in answer.headers
    assert stranger.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_devices_are_listed_and_ended_one_by_one(stranger, desk):
    here = desk("agent")
    signed_in(stranger, device_name="旧手机")
    listed = here.get("/me/sessions").json["items"]
    assert [item["current"] for item in sorted(listed, key=lambda item: not item["current"])] == [True, False]
    old = next(item for item in listed if item["device_name"] == "旧手机")
    assert here.get(f"/me/sessions/{old['id']}").json == old
    assert here.call("DELETE", f"/me/sessions/{old['id']}").status_code == 204
    assert stranger.get("/me").status_code == 401
    gone = here.call("DELETE", f"/me/sessions/{old['id']}")
    assert gone.status_code == 404


def test_another_persons_session_is_as_absent_as_none(stranger, desk):
    signed_in(stranger, "agent2")
    session_id = stranger.get("/me/sessions").json["items"][0]["id"]
    answers = [desk("agent").call("DELETE", f"/me/sessions/{name}") for name in (session_id, "x" * 36)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].data.replace(session_id.encode(), b"") == answers[1].data.replace(b"x" * 36, b"")


def test_a_new_password_ends_the_other_sessions(stranger, desk):
    other = desk("agent")
    signed_in(stranger)
    change = {"old": PASSWORD, "new": "battery staple 9"}
    assert stranger.call("PUT", "/me/password", change).status_code == 200
    assert stranger.get("/me").status_code == 200
    assert other.get("/me").status_code == 401
    assert sign_in(stranger).status_code == 401
    assert sign_in(stranger, password="battery staple 9").status_code == 201


@pytest.mark.parametrize(("body", "field"), [
    ({"old": "wrong wrong", "new": "battery staple 9"}, "old"), ({"old": PASSWORD, "new": "short"}, "new"),
    ({"old": PASSWORD, "new": PASSWORD}, "new"), ({"old": PASSWORD, "new": "agent agent"}, "new"),
    ({"old": PASSWORD}, "new"),
])
def test_bad_password_changes_name_the_field(desk, body, field):
    answer = desk("agent").call("PUT", "/me/password", body)
    assert answer.status_code == 422 and list(answer.json["errors"]) == [field]


def test_the_old_password_cannot_be_guessed_from_an_open_session(desk):
    here = desk("agent")
    for _ in range(5):
        here.call("PUT", "/me/password", {"old": "wrong wrong", "new": "battery staple 9"})
    answer = here.call("PUT", "/me/password", {"old": PASSWORD, "new": "battery staple 9"})
    assert answer.status_code == 429


def test_a_replayed_password_change_answers_as_the_first_did(desk):
    here = desk("agent")
    change = {"old": PASSWORD, "new": "battery staple 9"}
    first, again = (
        here.call("PUT", "/me/password", change, Idempotency_Key="one-two-three") for _ in range(2)
    )
    assert first.status_code == again.status_code == 200
    assert again.headers["Idempotent-Replayed"] == "true"


def test_ended_sessions_and_old_tries_are_purged(stranger, fixed_clock):
    signed_in(stranger)
    sign_in(stranger, "agent2", "wrong wrong")
    system = roles.system("purge")
    assert jobs.purge(actor=system, now=fixed_clock.now()) == {"sessions": 0, "tries": 0, "views": 0}
    later = fixed_clock.now() + timedelta(days=31)
    assert jobs.purge(actor=system, now=later) == {"sessions": 1, "tries": 3, "views": 0}


@pytest.mark.parametrize("body", [
    {}, {"username": "agent"}, {"username": "agent", "password": ""}, {"username": 1, "password": "x"},
    {"username": "agent", "password": "x", "totp": "12345"}, {"username": "a" * 65, "password": "x"},
    {"username": "agent", "password": "x", "more": 1}, [], "x",
])
def test_sign_in_bodies_of_another_shape_are_422(stranger, body):
    assert stranger.call("POST", "/sessions", body).status_code == 422
