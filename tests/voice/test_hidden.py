"""The rated agent walks every route before and after he was rated and complained about: nothing tells him."""
import re

import pytest

from backend.core import sql
from tests import cast, leaks
from tests.voice.calls import complaint, completed, me, slip

SAMPLES = {"code": cast.VILLAGE, "unit_code": cast.VILLAGE, "post": "duty", "week": "2026-W22", "year": "2026"}
MOVING = {"/me/sessions"}


@pytest.fixture(autouse=True)
def june(fixed_clock):
    return fixed_clock.set("2026-06-01 09:00")


def addresses(app, case):
    """Every address that can be read, of the agent's own village and of the errand that is rated."""
    known = SAMPLES | {"errand_id": case["id"], "number": case["number"], "resident_id": case["resident"]["id"]}
    for route in app.extensions["daiban.api"].routes:
        if route.method == "GET" and route.rule not in MOVING and "me/calendar" not in route.rule:
            yield re.sub(r"<(?:[^:>]+:)?([a-z0-9_]+)>", lambda found: str(known.get(found[1], "1")), route.rule)
    for query in (f"unit_code={cast.VILLAGE}", "unit_code=" + cast.TOWNSHIP, "from=2026-06-01&to=2026-06-01"):
        yield f"/ratings?{query}"
    yield from ("/complaints?state=all", "/errands?state=all", "/call-tasks?state=all", f"/errands?q={case['number']}")


def seen(caller, paths):
    """All that the caller is shown: status, headers, whole answer."""
    return {path: leaks.seen(path, caller.get(path)) for path in paths}


def test_nothing_that_the_rated_agent_can_read_changes(agent, neighbour, township, stranger, district_app):
    case = completed(agent)
    paths = [*addresses(district_app, case)]
    assert len(paths) > 80
    near = [path for path in paths if "?" in path]
    mine, theirs = seen(agent, paths), seen(neighbour, near)
    token = slip(township, case)["token"]
    assert stranger.put(f"/ratings/{token}", {"level": 1, "comment": "差"}, etag=None).status_code == 200
    about = {"unit_code": cast.VILLAGE, "errand_number": case["number"], "account_id": me(agent)}
    assert stranger.post("/complaints", complaint(about=about)).status_code == 201
    assert sql.value("SELECT count(*) FROM rectification") == 1
    assert seen(agent, paths) == mine
    assert seen(neighbour, near) == theirs
    own = {"level": 5}
    refused, again = (agent.put(f"/ratings/{one}", own, etag=None) for one in (token, token))
    assert (refused.status_code, refused.get_data()) == (again.status_code, again.get_data())
    row = sql.row("SELECT id FROM rectification"), sql.row("SELECT id FROM complaint")
    for plural, found in zip(("rectifications", "complaints"), row):
        there, absent = (
            agent.get(f"/{plural}/{one}") for one in (found["id"], "0190a000-0000-7000-8000-000000000000")
        )
        told = [
            (one.status_code, len(one.headers), {k: v for k, v in one.json.items() if k != "instance"})
            for one in (there, absent)
        ]
        assert told[0] == told[1]
        assert there.status_code in (403, 404)
    next_case = completed(agent, 2)
    serials = [one["number"].split("-")[2] for one in (case, next_case)]
    assert serials == ["0001", "0002"]
    for page in ("rating", "complaint"):
        assert district_app.test_client().get(f"/{page}").status_code == 200
    metrics = district_app.test_client().get("/metrics").get_data(as_text=True)
    assert not re.search("/(rating|rectification|complaint)", metrics)


def test_a_township_account_that_is_rated_sees_nothing_of_it_either(agent, operator, township, stranger, district_app):
    """Whoever answers for the errand: his role lets him read rectifications, but not those about himself."""
    case = completed(agent)
    sql.execute("UPDATE errand SET agent_id = ? WHERE id = ?", (me(township), case["id"]))
    own = township.post(f"/errands/{case['id']}/rating-slips", {"channel": "slip"})
    assert own.json["type"] == "/problems/own-work"
    token = slip(operator, case)["token"]
    assert stranger.put(f"/ratings/{token}", {"level": 2}, etag=None).status_code == 200
    assert township.get("/rectifications?state=all").json["items"] == []
    assert township.get(f"/rectifications/{sql.value('SELECT id FROM rectification')}").status_code == 404
    assert township.get("/me/notices").json["items"] == []
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    assert [one["template"] for one in supervisor.get("/me/notices").json["items"]] == ["rating_low"]
    assert len(supervisor.get("/rectifications").json["items"]) == 1
