"""What a hostile or unlucky caller sends: the order of refusals, replays, foreign ids, cursors, filters."""
import base64

import pytest

from backend.core import sql
from tests import cast
from tests.cast import errand
from tests.errands.test_story import accepted, path, registered

ABSENT = "0190aaaa-0000-7000-8000-000000000000"
DONE = {"outcome": "granted", "result": "已办"}
STALE = '"99-00000000"'


def kind(answer):
    return answer.status_code, answer.json["type"].rpartition("/")[2]


@pytest.mark.parametrize(("who", "target", "body", "headers", "expected"), [
    (None, "own", b"{", {}, (401, "not-signed-in")),
    ("supervisor", "own", b"{", {}, (400, "malformed")),
    ("supervisor", "own", b'{"outcome":1}', {}, (403, "forbidden")),
    ("neighbour", "own", b'{"outcome":1}', {}, (404, "not-found")),
    ("neighbour", "own", b"{}", {"If-Match": "*", "Idempotency-Key": "x"}, (404, "not-found")),
    ("agent", "absent", b'{"outcome":1}', {}, (404, "not-found")),
    ("agent", "own", b'{"outcome":1}', {}, (422, "invalid-input")),
    ("agent", "own", None, {}, (428, "if-match-required")),
    ("agent", "own", None, {"If-Match": STALE, "Idempotency-Key": "short"}, (422, "invalid-input")),
    ("colleague", "own", None, {"If-Match": STALE}, (403, "not-your-errand")),
    ("agent", "own", None, {"If-Match": STALE}, (409, "illegal-move")),
    ("agent", "accepted", None, {"If-Match": STALE}, (412, "stale-version")),
    ("agent", "accepted", None, {"If-Match": "W/\"2-00000000\""}, (412, "stale-version")),
    ("agent", "accepted", b'{"outcome":"refused","result":"x"}', {"If-Match": STALE}, (412, "stale-version")),
    ("agent", "accepted", b'{"outcome":"refused","result":"x"}', {"If-Match": "*"}, (422, "invalid-input")),
])
@pytest.mark.one_engine
def test_refusals_come_in_one_order(
    agent, neighbour, stranger, township, district_app, now, who, target, body, headers, expected
):
    """api.md: 401, 413/415/400, 403 role, 404, 422 shape, 428, 403 row, 409 state, 412, 422 sense."""
    case = {"own": registered, "accepted": accepted}[target](agent) if target != "absent" else {"id": ABSENT}
    if who == "colleague":
        case = township.post("/errands", errand(agent_id=None) | {"unit_code": cast.TOWNSHIP}
                             | {"agent_id": township.get("/me").json["id"]}).json
    callers = {"agent": agent, "neighbour": neighbour, None: stranger}
    username = {"supervisor": "supervisor", "colleague": cast.OPERATOR}.get(who)
    caller = cast.sign_in(district_app.test_client(), username) if username else callers[who]
    sent = {"data": body, "content_type": "application/json"} if body is not None else {"json": DONE}
    assert kind(caller._send("PUT", path(case, "completion"), headers=headers, **sent)) == expected


def test_paying_tells_who_may_before_what_the_state_is(agent, township, operator):
    office = township.get("/me").json["id"]
    case = township.post("/errands", errand(agent_id=office)).json
    for _ in ("registered", "withdrawn"):
        assert kind(operator.post(path(case, "payments"), {"amount_fen": 1})) == (403, "not-your-errand")
        assert kind(township.post(path(case, "payments"), {"amount_fen": 1})) == (409, "not-payable")
        township.put(path(case, "withdrawal"), {})
    assert kind(operator.post(path(case, "notes"), {"text": "迟到的备注"})) == (409, "errand-over")


# --- replays ------------------------------------------------------------------------------------


def test_a_replayed_step_answers_as_the_thing_is_now_whatever_happened_since(agent):
    case = registered(agent)
    key = {"Idempotency-Key": "phone-accept-1"}
    first = agent.put(path(case, "acceptance"), headers=key)
    agent.put(path(case, "completion"), DONE)
    again = agent.put(path(case, "acceptance"), etag=STALE, headers=key)
    assert again.status_code == 200
    assert again.headers["Ledger-Receipt"] == first.headers["Ledger-Receipt"]
    assert again.json["state"] == "completed"
    assert kind(agent.put(path(case, "completion"), DONE, headers=key)) == (422, "idempotency-key-reused")
    other = agent.put(path(registered(agent), "acceptance"), headers=key)
    assert kind(other) == (422, "idempotency-key-reused")


def test_a_refused_step_keeps_no_key(agent):
    case = registered(agent)
    key = {"Idempotency-Key": "phone-early-1"}
    assert agent.put(path(case, "completion"), DONE, headers=key).status_code == 409
    agent.put(path(case, "acceptance"))
    again = agent.put(path(case, "completion"), DONE, headers=key)
    assert again.status_code == 200
    assert "Idempotent-Replayed" not in again.headers


def test_a_key_belongs_to_the_account_that_used_it(agent, neighbour):
    first = agent.post("/errands", errand(), key="shared-key-1")
    second = neighbour.post("/errands", errand(), key="shared-key-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] != second.json["id"]


def test_a_replay_after_the_agent_moved_or_was_shut_out_tells_nothing(agent, admin):
    body = errand()
    case = agent.post("/errands", body, key="before-move").json
    accept = {"Idempotency-Key": "before-move-accept"}
    agent.put(path(case, "acceptance"), headers=accept)
    me = agent.get("/me").json["id"]
    moved = admin.patch(f"/accounts/{me}", {"unit_code": cast.NEIGHBOUR})
    assert moved.status_code == 200, moved.get_data(as_text=True)
    assert kind(agent.post("/errands", body, key="before-move")) == (404, "not-found")
    assert kind(agent.put(path(case, "acceptance"), headers=accept)) == (404, "not-found")
    assert agent.get("/errands?state=all").json["items"] == []
    assert agent.get(f"/errands?state=all&agent_id={me}").json["items"] == []
    assert admin.put(f"/accounts/{me}/disabling", {"reason": "离岗"}).status_code == 200
    assert agent.post("/errands", body, key="before-move").status_code == 401


def test_a_replay_shows_what_the_resident_is_called_now_and_masked(agent):
    body = errand()
    case = agent.post("/errands", body, key="renamed-1").json
    renamed = agent.patch(f"/residents/{case['resident']['id']}", {"name": "王桂芳", "phone": "13900005678"})
    assert renamed.status_code == 200
    again = agent.post("/errands", body, key="renamed-1").json
    assert again["resident"] == case["resident"] | {"name": "王桂芳", "phone": "139****5678"}
    assert [row["id"] for row in agent.get("/errands?q=wgf").json["items"]] == [case["id"]]
    assert agent.get("/errands?q=wgx").json["items"] == []


def test_registering_again_never_overwrites_what_stands_of_the_resident(agent, neighbour):
    """Rules 11."""
    case = registered(agent)
    other = {"name": "冒名", "id_number": cast.id_number(1), "phone": "13900009999"}
    twin = registered(neighbour, resident=other)
    assert twin["resident"] == case["resident"]


# --- foreign ids, cursors, filters ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["agent_id", "resident_id", "unit_code"])
def test_a_foreign_id_in_a_body_is_as_one_that_is_not_there(agent, district_app, name):
    far = cast.sign_in(district_app.test_client(), f"agent-{cast.FAR_VILLAGE}")
    case = registered(far)
    foreign = {"agent_id": case["agent"]["id"], "resident_id": case["resident"]["id"],
               "unit_code": cast.FAR_VILLAGE}[name]
    absent = {"unit_code": "331003002999"}.get(name, ABSENT)
    body = errand()
    if name == "resident_id":
        del body["resident"]
    there, nowhere = (agent.post("/errands", body | {name: value}) for value in (foreign, absent))
    assert there.status_code == nowhere.status_code == 422
    assert there.data == nowhere.data


@pytest.mark.parametrize("filters", [
    "agent_id={agent}", "unit_code={unit}", "agent_id={agent}&unit_code={unit}", "q={number}", "q=wang",
    "agent_id={agent}&state=all", "unit_code={unit}&light=none", "due_before=2030-01-01T00:00:00Z",
])
def test_filters_naming_what_is_foreign_find_nothing(agent, neighbour, filters):
    case = registered(agent)
    query = filters.format(agent=case["agent"]["id"], unit=cast.VILLAGE, number=case["number"])
    there = neighbour.get(f"/errands?{query}")
    assert (there.status_code, there.json) == (200, {"items": [], "next_cursor": None})


def flipped(cursor, at):
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[at] ^= 1
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_cursor_is_good_for_its_own_list_and_only_unchanged(agent):
    case = registered(agent)
    registered(agent)
    for _ in range(2):
        agent.post(path(case, "notes"), {"text": "联系"})
    cursor = agent.get("/errands?limit=1").json["next_cursor"]
    note = agent.get(path(case, "notes?limit=1")).json["next_cursor"]
    assert agent.get(f"/errands?cursor={cursor}").status_code == 200
    wrong = [note, flipped(cursor, 0), flipped(cursor, -1), cursor[:-4], cursor + "AAAA", "=", "é", "%00", "a"]
    for text in wrong:
        assert agent.get("/errands", query_string={"cursor": text}).status_code == 422, text
    for noun in ("trips", "payments", "events"):
        assert agent.get(path(case, noun), query_string={"cursor": note}).status_code == 422
    assert agent.get("/call-tasks", query_string={"cursor": note}).status_code == 422


def test_a_cursor_of_one_who_sees_more_opens_nothing(agent, neighbour, township):
    registered(agent)
    registered(agent)
    cursor = township.get("/errands?limit=1").json["next_cursor"]
    assert neighbour.get(f"/errands?cursor={cursor}").json["items"] == []


@pytest.mark.parametrize("place", ["/errands?agent_id=", "/errands?unit_code=331003001001&unit_code=",
                                   "/call-tasks?unit_code=", "/accounts?unit_code=", "/units?parent_code="])
def test_a_filter_repeated_without_end_is_refused_and_not_a_fault(agent, place):
    """Each value is a parameter of a statement, times ten states; engines have their limits."""
    name = place.rpartition("?")[2].rpartition("&")[2]
    repeated = "&".join(f"{name}331003{n:06d}" for n in range(7000))
    answer = agent.get(f"{place}331003000000&{repeated}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [name.rstrip("=")]


def test_texts_of_statements_are_not_kept_without_end(database):
    for n in range(sql.MOST_TEXTS + 10):
        sql.rows(f"SELECT {n} AS n")
    assert len(sql._columns) <= sql.MOST_TEXTS


@pytest.mark.parametrize("match", ["*", STALE, "nonsense", '"1-0", "2-0"'])
@pytest.mark.one_engine
def test_if_match_says_nothing_of_a_read(agent, match):
    """It was 412, undocumented, with the errand as its body."""
    case = registered(agent)
    assert agent.get(path(case), headers={"If-Match": match}).status_code == 200
    etag = agent.get(path(case)).headers["ETag"]
    assert agent.get(path(case), headers={"If-Match": match, "If-None-Match": etag}).status_code == 304


def test_a_unit_that_has_left_office_is_named_as_such(agent):
    sql.execute("UPDATE unit SET valid_to_on = '2026-02-12' WHERE code = ?", (cast.VILLAGE,))
    refused = agent.post("/errands", cast.errand())
    assert refused.status_code == 422 and refused.json["errors"] == {"unit_code": ["该机构已撤销或尚未设立"]}
    beyond = agent.post("/errands", cast.errand(unit_code=cast.NEIGHBOUR))
    assert beyond.json["errors"] == {"unit_code": ["没有此机构"]}
