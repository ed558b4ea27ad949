"""The edge: one order of refusals, safe writes, exact answers."""
import threading

import pytest
from peewee import CharField, IntegerField

from backend.core import db, http, ids, ledger, shapes, sql
from backend.core.actor import Actor
from backend.core.paging import page
from backend.core.problems import Conflict, Forbidden, NotFound, StaleVersion
from backend.core.transaction import drop_connection, transaction
from tests.conftest import copy_of, new_application, template

AGENT = frozenset({"agent"})


class EdgeThing(db.Row):
    """A thing of the tests."""

    id = CharField(primary_key=True)
    name = CharField()
    version = IntegerField(default=1)


class Named(shapes.Shape):
    name = shapes.Text(20, required=True)


class Shown(shapes.Shape):
    id = shapes.Code(required=True)
    name = shapes.Text(required=True)
    version = shapes.Whole(required=True)


def found(thing_id):
    return sql.row('SELECT id, name, version FROM edge_thing WHERE id = ?', (thing_id,))


def shown(ref, *, actor, now):
    thing = found(ref)
    if thing is None:
        raise NotFound()
    return thing


def within(thing_id, *, actor, now):
    shown(thing_id, actor=actor, now=now)


@transaction
def make(name, *, actor, now):
    thing_id = ids.new(now)
    sql.insert(EdgeThing, id=thing_id, name=name, version=1)
    ledger.record("thing.make", "thing", thing_id)
    return thing_id


@transaction
def rename(thing_id, name, *, actor, now):
    thing = shown(thing_id, actor=actor, now=now)
    if thing["name"] == "他人的":
        raise Forbidden()
    if thing["name"] == "封存":
        raise Conflict()
    if actor.call.if_match is not None and actor.call.if_match != thing["version"]:
        raise StaleVersion()
    sql.amend(EdgeThing, thing_id, thing["version"], name=name)
    ledger.record("thing.rename", "thing", thing_id)
    return thing_id


def things():
    blp = http.Blueprint("things", description="Things of the tests")

    @blp.lists("/things", roles=http.PUBLIC, item=Shown())
    def list_things(*, query, actor, now):
        """Things."""
        rows = sql.rows("SELECT id, name, version FROM edge_thing ORDER BY id LIMIT ?", (query["limit"] + 1,))
        return page("things", rows, query["limit"], ("id",))

    @blp.reads("/things/<thing_id>", roles=http.PUBLIC, answers=Shown())
    def read_thing(thing_id, *, actor, now):
        """One thing."""
        return shown(thing_id, actor=actor, now=now)

    @blp.creates("/things", roles=AGENT, body=Named(), answers=Shown(), shows=shown)
    def create_thing(*, body, actor, now):
        """Make a thing."""
        return make(body["name"], actor=actor, now=now)

    @blp.changes("/things/<thing_id>/name", roles=AGENT, body=Named(), answers=Shown(), shows=shown,
                 within=within)
    def rename_thing(thing_id, *, body, actor, now):
        """Rename a thing."""
        return rename(thing_id, body["name"], actor=actor, now=now)

    return blp


class Doors:
    """Tokens are roles."""

    def __init__(self, clock, settings):
        self.clock, self.settings = clock, settings

    def authenticate(self, token, now):
        role = token.partition("-")[0]
        return Actor(id=token, name=token, role=role) if role in ("agent", "office") else None


@pytest.fixture(scope="session")
def things_app(keys, tmp_path_factory):
    """An application of its own, with routes that the product does not have."""
    made = new_application(keys, tmp_path_factory.mktemp("things"))
    made.extensions["daiban.api"].register(things())
    return made


@pytest.fixture(scope="session")
def things_store(engine, tmp_path_factory, request):
    """A database with the things' table, to be copied."""
    yield from template(
        engine, tmp_path_factory, request, lambda: db.database.create_tables([EdgeThing], safe=False)
    )


@pytest.fixture
def database(things_store):
    yield from copy_of(things_store)


@pytest.fixture
def app(things_app, database, fixed_clock):
    things_app.extensions["daiban"] = Doors(fixed_clock, things_app.extensions["daiban"].settings)
    return things_app


URL = "/api/v1/things"
SIGNED = {"Authorization": "Bearer agent-1"}


def post(client, name="甲", key="key-00000001", **headers):
    return client.post(URL, json={"name": name}, headers=SIGNED | {"Idempotency-Key": key} | headers)


@pytest.fixture
def thing(client):
    return post(client, key="fixture-key").json


def put(client, thing_id, name="乙", match="*", **more):
    headers = SIGNED | ({"If-Match": match} if match else {})
    return client.put(f"{URL}/{thing_id}/name", json={"name": name}, headers=headers | more)


def test_a_thing_is_made_with_etag_and_receipt(client):
    answer = post(client)
    assert answer.status_code == 201
    seq, last = ledger.head()
    assert answer.headers["Ledger-Receipt"] == f"{seq}.{last.hex()}"
    assert answer.headers["ETag"].startswith('"1-')


@pytest.mark.parametrize("headers, body, status, slug", [
    ({}, b"[" * 99, 401, "not-signed-in"),
    ({"Authorization": "Bearer office-1"}, b"{", 400, "malformed"),
    ({"Authorization": "Bearer office-1", "Content-Type": "text/plain"}, b"{}", 415, "unsupported-media-type"),
    ({"Authorization": "Bearer office-1"}, b" " * (1 << 20) + b" ", 413, "too-large"),
    ({"Authorization": "Bearer office-1"}, b"{}", 403, "forbidden"),
    (SIGNED, b"{}", 422, "invalid-input"),
    (SIGNED, b'{"name": "a"}', 428, "idempotency-key-required"),
    (SIGNED | {"Idempotency-Key": "short"}, b'{"name": "a"}', 422, "invalid-input"),
])
@pytest.mark.one_engine
def test_refusals_of_a_post_come_in_their_order(client, headers, body, status, slug):
    answer = client.post(URL, data=body, headers={"Content-Type": "application/json"} | headers)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{slug}")
    assert answer.mimetype == "application/problem+json"


def test_an_absent_thing_is_told_before_the_shape_and_the_missing_headers(client):
    assert client.put(f"{URL}/none/name", json={}, headers=SIGNED).status_code == 404


def test_refusals_of_a_put_come_in_their_order(client, thing):
    url = f"{URL}/{thing['id']}/name"
    assert client.put(url, json={}, headers=SIGNED).status_code == 422
    assert put(client, thing["id"], match=None).status_code == 428
    assert put(client, thing["id"], match='"7"').status_code == 412
    assert put(client, thing["id"], name="他人的").status_code == 200
    assert put(client, thing["id"], match='"1"').status_code == 403


def test_the_state_forbids_before_the_version_does(client, thing):
    put(client, thing["id"], name="封存")
    assert put(client, thing["id"], match='"1"').status_code == 409


@pytest.mark.parametrize("match", ("", '""', "1", '"x"', 'W/"1-00000000"', '"99999999999"', '"-1"', "junk"))
@pytest.mark.one_engine
def test_an_if_match_that_is_none_of_ours_is_stale(client, thing, match):
    headers = SIGNED | {"If-Match": match}
    answer = client.put(f"{URL}/{thing['id']}/name", json={"name": "乙"}, headers=headers)
    assert answer.status_code == 412


def test_the_etag_of_an_answer_is_good_for_the_next_edit(client, thing):
    tag = client.get(f"{URL}/{thing['id']}").headers["ETag"]
    answer = put(client, thing["id"], match=tag)
    assert (answer.status_code, answer.json["version"]) == (200, 2)
    assert put(client, thing["id"], match=tag).status_code == 412
    assert put(client, thing["id"], match=answer.headers["ETag"]).status_code == 200


def test_what_has_not_changed_is_not_sent_again(client, thing):
    url = f"{URL}/{thing['id']}"
    tag = client.get(url).headers["ETag"]
    for sent in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        assert client.get(url, headers={"If-None-Match": sent}).status_code == 304
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_repeated_post_makes_one_thing_and_says_so(client):
    first = post(client)
    again = client.post(URL, data=b'{ "name" : "\\u7532" }', content_type="application/json",
                        headers=SIGNED | {"Idempotency-Key": "key-00000001"})
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Ledger-Receipt"] == first.headers["Ledger-Receipt"]


def test_a_key_with_another_body_is_refused(client):
    post(client)
    assert post(client, name="乙").json["type"] == "/problems/idempotency-key-reused"


def test_keys_of_two_accounts_do_not_meet(client):
    assert post(client).json["id"] != post(client, Authorization="Bearer agent-2").json["id"]


def test_a_replay_shows_the_thing_as_it_is_now(client):
    thing = post(client).json
    put(client, thing["id"], name="改名")
    assert post(client).json["name"] == "改名"


def test_a_repeated_put_with_a_key_replays_whatever_the_etag(client, thing):
    sent = {"match": '"1"', "Idempotency-Key": "key-of-a-put"}
    assert put(client, thing["id"], **sent).status_code == 200
    again = put(client, thing["id"], **sent)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")


def test_a_refused_post_stores_nothing(client, thing):
    assert put(client, thing["id"], match='"7"', **{"Idempotency-Key": "key-refused"}).status_code == 412
    assert put(client, thing["id"], match='"1"', **{"Idempotency-Key": "key-refused"}).status_code == 200


def test_the_same_key_sent_eight_times_at_once_makes_one_thing(app):
    gate, answers = threading.Barrier(8), []

    def send():
        gate.wait()
        answers.append(post(app.test_client()))
        drop_connection()

    threads = [threading.Thread(target=send) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 409)
    assert len({answer.json["id"] for answer in answers if answer.status_code == 201}) == 1
    assert sql.value("SELECT count(*) FROM edge_thing") == 1


@pytest.mark.parametrize("query", ("?nonsense=1", "?limit=0", "?limit=5&limit=5", "?limit=%00"))
@pytest.mark.one_engine
def test_an_odd_query_is_refused(client, query):
    assert client.get(URL + query).status_code == 422


@pytest.mark.parametrize("path", ("a%00b", "%ed%a0%80", "x" * 65))
@pytest.mark.one_engine
def test_an_odd_path_is_not_found(client, path):
    assert client.get(f"{URL}/{path}").status_code == 404


@pytest.mark.one_engine
def test_a_method_that_is_not_offered_is_told_what_is(client):
    answer = client.delete(URL)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.one_engine
def test_head_answers_as_get_without_the_body(client, thing):
    answer = client.head(f"{URL}/{thing['id']}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]


@pytest.mark.parametrize("asked, language", [
    (None, "zh-CN"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN,en;q=0.5", "zh-CN"), ("fr", "zh-CN"),
    ("*", "zh-CN"), ("zh-TW", "zh-CN"), ("\u00ff;q=x", "zh-CN"),
])
@pytest.mark.one_engine
def test_a_refusal_is_chinese_unless_english_is_asked_for(client, asked, language):
    answer = client.get(f"{URL}/none", headers={"Accept-Language": asked} if asked else {})
    assert answer.headers["Content-Language"] == language


@pytest.mark.one_engine
def test_a_chunked_body_is_refused(client):
    headers = SIGNED | {"Transfer-Encoding": "chunked"}
    answer = client.post(URL, data=b"5\r\nhello\r\n0\r\n\r\n", headers=headers)
    assert answer.status_code == 411


@pytest.mark.one_engine
def test_a_body_shorter_than_told_is_refused(client):
    answer = client.post(URL, data=b"{}", headers=SIGNED | {"Content-Type": "application/json"},
                         environ_overrides={"CONTENT_LENGTH": "50"})
    assert answer.status_code == 400


@pytest.mark.parametrize("length", ("-1", "x", "1e3", "99999999999999999999"))
@pytest.mark.one_engine
def test_a_nonsense_length_is_no_fault(client, length):
    answer = client.post(URL, data=b"{}", headers=SIGNED, environ_overrides={"CONTENT_LENGTH": length})
    assert 400 <= answer.status_code < 500
