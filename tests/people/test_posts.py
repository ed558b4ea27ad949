"""Posts over HTTP, and whom a matter reaches as people come, go and move."""
import pytest

from backend.core import ledger, sql
from backend.org.models import Unit
from backend.people.actions import accounts, posts
from backend.people.queries import posts as held
from tests.statements import count_statements

from .conftest import DISTRICT, FAR_VILLAGE, NEXT_VILLAGE, OTHER_TOWN, TOWN, VILLAGE

FOREIGN = "331004000000"


@pytest.fixture
def fill(acting, staff, now):
    """Have a username hold a post, as the admin."""

    def filled(code, post, username):
        posts.appoint(code, post, account_id=username and staff[username], actor=acting("admin"), now=now)

    return filled


@pytest.fixture
def leave(acting, staff, now):
    """Disable an account."""

    def left(username):
        accounts.disable(staff[username], reason="", actor=acting("admin"), now=now)

    return left


def who(code, post="duty", **more):
    found = held.answering(code, post, **more)
    return found["code"], found["post"], found["account_name"] and found["account_name"].removeprefix("员工")


def test_a_post_never_filled_is_vacant_and_has_an_etag(desk):
    found = desk("agent").get(f"/posts/{VILLAGE}/duty")
    assert (found.status_code, found.json) == (
        200, {"code": VILLAGE, "post": "duty", "holder": None, "version": 0}
    )
    assert found.headers["ETag"].startswith('"0-')


def test_a_post_is_filled_changed_and_vacated_under_its_etag(desk, staff):
    here, path = desk("town"), f"/posts/{VILLAGE}/duty"
    first = here.get(path).headers["ETag"]
    filled = here.put(path, {"account_id": staff["agent"]}, first)
    assert filled.json == {
        "code": VILLAGE, "post": "duty", "holder": {"id": staff["agent"], "name": "员工agent"}, "version": 1,
    }
    assert here.put(path, {"account_id": staff["town"]}, first).status_code == 412
    moved = here.put(path, {"account_id": staff["town"]}, filled.headers["ETag"])
    assert moved.json["holder"]["id"] == staff["town"]
    vacated = here.put(path, {"account_id": None}, moved.headers["ETag"])
    assert (vacated.json["holder"], vacated.json["version"]) == (None, 3)
    told = ledger.history("post", f"{DISTRICT}/{VILLAGE}/duty")
    assert [entry["detail"]["to"] for entry in told] == [staff["agent"], staff["town"], None]


def test_the_same_holder_again_changes_nothing(desk, staff):
    here, path, body = desk("admin"), f"/posts/{TOWN}/head", {"account_id": staff["town"]}
    assert [here.put(path, body).json["version"] for _ in range(2)] == [1, 1]
    assert len(ledger.history("post", f"{DISTRICT}/{TOWN}/head")) == 1


@pytest.mark.parametrize(("who", "code", "status"), [
    ("town", TOWN, 200), ("town", VILLAGE, 200), ("town", OTHER_TOWN, 403), ("town", FAR_VILLAGE, 403),
    ("town", DISTRICT, 403), ("town", "MZ", 403), ("agent", VILLAGE, 403), ("office", DISTRICT, 403),
    ("supervisor", DISTRICT, 403), ("admin", DISTRICT, 200), ("admin", FAR_VILLAGE, 200), ("admin", "MZ", 200),
    ("admin", FOREIGN, 404), ("admin", "331003999999", 404), ("admin", "NOBODY", 404),
])
def test_who_may_fill_which_post(desk, who, code, status):
    assert desk(who).put(f"/posts/{code}/duty", {"account_id": None}).status_code == status


def test_a_foreign_district_is_as_absent_as_none(desk, staff):
    sql.insert(Unit, code=FOREIGN, name="别区", level="district", pinyin="biequ", initials="bq",
               status="planned", version=1)
    for method in ("GET", "PUT"):
        foreign, absent = (
            desk("admin").call(method, f"/posts/{code}/duty", None if method == "GET" else {"account_id": None},
                               If_Match="*") for code in (FOREIGN, "331005000000")
        )
        assert foreign.status_code == absent.status_code == 404
        assert foreign.data.replace(FOREIGN.encode(), b"") == absent.data.replace(b"331005000000", b"")
    assert desk("admin").get(f"/posts/{VILLAGE}/treasurer").status_code == 404


@pytest.mark.parametrize(("code", "username"), [
    (VILLAGE, "agent2"), (VILLAGE, "town2"), (VILLAGE, "handler"), (TOWN, "agent"), ("MZ", "office"),
])
def test_a_holder_who_does_not_belong_there_is_refused_by_name(desk, staff, code, username):
    refused = desk("admin").put(f"/posts/{code}/duty", {"account_id": staff[username]})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["account_id"])


def test_a_disabled_or_unknown_holder_is_refused_alike(desk, staff, leave):
    leave("agent")
    refused = [desk("admin").put(f"/posts/{VILLAGE}/duty", {"account_id": name})
               for name in (staff["agent"], "0190aaaa-0000-7000-8000-000000000000")]
    assert refused[0].status_code == 422 and refused[0].data == refused[1].data


def test_one_person_holds_several_posts(fill, staff):
    for code, post in ((VILLAGE, "duty"), (NEXT_VILLAGE, "duty"), (TOWN, "head")):
        fill(code, post, "town")
    assert [(row["code"], row["post"]) for row in held.held_by(staff["town"])] == [
        (TOWN, "head"), (VILLAGE, "duty"), (NEXT_VILLAGE, "duty"),
    ]


def test_a_matter_climbs_past_every_vacant_post(fill):
    """Rules 4: village duty, head, township duty, head, district duty, head."""
    assert who(VILLAGE) == (DISTRICT, "duty", None)
    way = [(DISTRICT, "head", "supervisor"), (DISTRICT, "duty", "office"), (TOWN, "head", "town"),
           (TOWN, "duty", "operator"), (VILLAGE, "head", "town"), (VILLAGE, "duty", "agent")]
    for post in way:
        fill(*post)
        assert who(VILLAGE) == post
    assert who(VILLAGE, "head") == (VILLAGE, "head", "town")


def test_a_departments_matter_climbs_to_its_district(fill):
    fill(DISTRICT, "duty", "office")
    assert who("MZ", district=DISTRICT) == (DISTRICT, "duty", "office")
    fill("MZ", "head", "handler")
    assert who("MZ", district=DISTRICT) == ("MZ", "head", "handler")
    assert who("MZ", district=FOREIGN) == (FOREIGN, "duty", None)


def test_a_climb_takes_one_statement(fill):
    fill(DISTRICT, "head", "supervisor")
    with count_statements() as seen:
        who(VILLAGE)
    assert len(seen) == 1


def test_who_is_disabled_leaves_a_vacancy_and_has_the_post_again_when_enabled(fill, leave, acting, staff, desk, now):
    fill(VILLAGE, "duty", "agent")
    fill(TOWN, "duty", "town")
    leave("agent")
    assert who(VILLAGE) == (TOWN, "duty", "town")
    assert held.holder(VILLAGE, "duty") is None and held.held_by(staff["agent"]) == []
    assert desk("admin").get(f"/posts/{VILLAGE}/duty").json["holder"] is None
    accounts.enable(staff["agent"], actor=acting("admin"), now=now)
    assert who(VILLAGE) == (VILLAGE, "duty", "agent")


def test_who_moved_away_leaves_a_vacancy(fill, acting, staff, now):
    fill(VILLAGE, "duty", "agent")
    fill(TOWN, "duty", "town")
    accounts.edit(staff["agent"], {"unit_code": NEXT_VILLAGE}, actor=acting("admin"), now=now)
    assert who(VILLAGE) == (TOWN, "duty", "town")
    assert held.holder(VILLAGE, "duty") is None and held.held_by(staff["agent"]) == []


def test_a_supervisor_who_waits_for_approval_holds_nothing(fill):
    fill(DISTRICT, "head", "supervisor")
    sql.execute("UPDATE account SET approval_by = NULL WHERE username = 'supervisor'")
    assert held.holder(DISTRICT, "head") is None


@pytest.mark.parametrize("filled", [False, True])
def test_of_two_at_once_under_one_etag_one_wins(desk, staff, together, fill, filled):
    if filled:
        fill(VILLAGE, "duty", "operator")
    path = f"/posts/{VILLAGE}/duty"
    callers = [desk("admin"), desk("town")]
    etag = callers[0].get(path).headers["ETag"]
    answers = together(
        lambda n: callers[n].put(path, {"account_id": staff[("agent", "town")[n]]}, etag).status_code, 2
    )
    assert sorted(answers) == [200, 412]
    assert len(ledger.history("post", f"{DISTRICT}/{VILLAGE}/duty")) == 1 + filled
