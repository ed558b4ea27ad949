"""Text first, photos later: what refers to a file that is still on its way is complete, and shows what is to come."""
import uuid

import pytest

from backend.core import ledger, sql
from backend.core.actor import Actor, system
from backend.files import jobs, queries
from backend.files.actions import announcing
from backend.files.rules.announced import FileIdTaken
from tests import cast
from tests.files.phones import Uploading
from tests.files.samples import PDF
from tests.statements import count_statements
from tests.visits.calls import wish


@pytest.fixture
def file_id():
    return str(uuid.uuid4())


@pytest.fixture
def actor(district_app):
    return Actor(**sql.row("SELECT id, name, role, unit_code FROM account WHERE username = ?", (cast.AGENT,)))


def announce(caller, *file_ids, **more):
    return caller.post("/files/announcements", {"files": [{"id": each} | more for each in file_ids]})


def test_an_errand_stands_on_a_mandate_whose_photo_is_still_to_come(agent, township, file_id, now):
    told = announce(agent, file_id, media_type="application/pdf", size=len(PDF))
    assert (told.status_code, [each["id"] for each in told.json["items"]]) == (201, [file_id])
    mandate = {"given_by": "signature", "expires_on": "2026-12-31", "file_id": file_id}
    case = agent.post("/errands", cast.errand(mandate=mandate)).json
    waiting = {"id": file_id, "announced_at": "2026-02-12T10:00:00+08:00", "offset": 0, "length": len(PDF)}
    assert case["pending_files"] == [waiting]
    path = f"/errands/{case['id']}"
    assert agent.put(f"{path}/acceptance").status_code == 200
    phone = Uploading(agent, PDF, file_id)
    phone.begin()
    phone.part(0, PDF[:10])
    assert township.get(path).json["pending_files"] == [waiting | {"offset": 10}]
    shown = township.get(f"/files/announcements/{file_id}").json
    assert shown["subjects"] == [{"type": "errand", "id": case["id"]}]
    assert (shown["state"], shown["account"]["name"]) == ("pending", case["agent"]["name"])
    before = agent.get(path).json["version"]
    assert phone.rest().status_code == 204
    done = agent.get(path).json
    assert (done["pending_files"], done["version"]) == ([], before)
    assert agent.get(f"/files/announcements/{file_id}").json["arrived_at"] == "2026-02-12T10:00:00+08:00"


def test_a_file_that_nobody_announced_is_still_none(agent, file_id):
    mandate = {"given_by": "signature", "expires_on": "2026-12-31", "file_id": file_id}
    refused = agent.post("/errands", cast.errand(mandate=mandate))
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["mandate.file_id"])


def test_an_undertaking_and_a_renewed_mandate_may_come_later(agent):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    announce(agent, first, second)
    materials = [{"name": name, "received": True} for name in ("身份证", "户口簿")]
    case = agent.post("/errands", cast.errand(item_code="RS-002", materials=materials)).json
    path = f"/errands/{case['id']}"
    late = {"name": "银行卡", "received": False, "deferred_until": "2026-02-20", "undertaking_file": first}
    laid = agent.put(f"{path}/materials", {"materials": [late]})
    assert laid.status_code == 200, laid.json
    renewed = agent.put(f"{path}/mandate", {"given_by": "voice", "expires_on": "2027-01-31", "file_id": second})
    assert renewed.status_code == 200, renewed.json
    assert {each["id"] for each in renewed.json["pending_files"]} == {first, second}


def test_a_visit_is_signed_by_a_photo_that_is_still_on_the_phone(agent, actor, file_id, now):
    visit = agent.post("/visits", wish()).json
    assert visit["pending_files"] == []
    announcing.announce([{"id": file_id}], subject=("visit", visit["id"]), actor=actor, now=now)
    assert [each["id"] for each in agent.get(f"/visits/{visit['id']}").json["pending_files"]] == [file_id]


def test_reading_an_errand_costs_a_statement_more_only_where_something_is_to_come(agent, actor, file_id, now):
    case = agent.post("/errands", cast.errand()).json
    agent.get(f"/errands/{case['id']}")
    counts = []
    for _ in range(2):
        with count_statements() as seen:
            assert agent.get(f"/errands/{case['id']}").status_code == 200
        counts.append(len(seen))
        announcing.announce([{"id": file_id}], subject=("errand", case["id"]), actor=actor, now=now)
    assert counts[1] == counts[0] + 1


def test_said_twice_it_is_as_said_once(agent, actor, file_id, now):
    for subject in (None, ("errand", "e"), ("errand", "e"), ("visit", "v")):
        said = [{"id": file_id}, {"id": file_id}]
        assert announcing.announce(said, subject=subject, actor=actor, now=now) == [file_id]
    assert len(ledger.history("expected_file", file_id)) == 1
    shown = agent.get(f"/files/announcements/{file_id}").json
    assert shown["subjects"] == [{"type": "errand", "id": "e"}, {"type": "visit", "id": "v"}]
    assert announcing.announce([], subject=("errand", "e"), actor=actor, now=now) == []


def test_an_id_of_somebody_else_is_taken_and_nothing_is_announced(agent, neighbour, actor, file_id, now):
    announce(agent, file_id)
    fresh = str(uuid.uuid4())
    taken = announce(neighbour, fresh, file_id)
    assert (taken.status_code, taken.json["type"]) == (409, "/problems/file-id-taken")
    assert neighbour.get(f"/files/announcements/{fresh}").status_code == 404
    assert neighbour.get(f"/files/announcements/{file_id}").status_code == 404
    assert Uploading(neighbour, PDF, file_id).begin().status_code == 409
    begun = Uploading(neighbour, PDF)
    begun.begin()
    with pytest.raises(FileIdTaken):
        announcing.announce([{"id": begun.id}], subject=None, actor=actor, now=now)


def test_what_was_sent_before_it_was_announced_is_there_already(agent, actor, now):
    phone = Uploading(agent, PDF)
    phone.whole()
    announcing.announce([{"id": phone.id}], subject=("errand", "e"), actor=actor, now=now)
    assert agent.get(f"/files/announcements/{phone.id}").json["state"] == "arrived"
    assert queries.visible(phone.id, actor)["sha256"] == phone.state()["file"]["sha256"]


def test_an_announced_file_is_visible_but_has_not_arrived(agent, actor, file_id, now):
    assert queries.visible(file_id, actor) is None
    announcing.announce([{"id": file_id}], subject=None, actor=actor, now=now)
    assert queries.visible(file_id, actor)["sha256"] is None
    assert queries.arrived(file_id, actor) is None


def test_what_never_comes_is_shown_to_the_township_after_a_week(agent, neighbour, township, fixed_clock):
    lost, refused, fresh = (str(uuid.uuid4()) for _ in range(3))
    announce(agent, lost, refused)
    Uploading(agent, b"no picture", refused).whole()
    assert township.get("/files/announcements?state=overdue").json["items"] == []
    now = fixed_clock.advance(days=7)
    announce(neighbour, fresh)
    found = {each["id"]: each for each in township.get("/files/announcements?state=overdue").json["items"]}
    assert {name: each["refusal"] for name, each in found.items()} == {lost: None, refused: "unsupported-file"}
    assert all(each["overdue"] for each in found.values())
    assert [each["id"] for each in agent.get("/files/announcements").json["items"]] == sorted((lost, refused))
    first = township.get("/files/announcements?limit=2").json
    rest = township.get(f"/files/announcements?limit=2&cursor={first['next_cursor']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == [*sorted((lost, refused)), fresh]
    path = f"/files/announcements?unit_code={cast.NEIGHBOUR}&state=all"
    assert [each["id"] for each in township.get(path).json["items"]] == [fresh]
    assert Uploading(neighbour, PDF, fresh).whole().status_code == 204
    assert [each["id"] for each in township.get("/files/announcements?state=arrived").json["items"]] == [fresh]
    later = fixed_clock.advance(days=181)
    assert jobs.forget_uploads(actor=system("test"), now=later)["announcements"] == 1
    assert later > now


def test_a_page_of_announcements_costs_three_statements(agent, township, actor, fixed_clock):
    announcing.announce([{"id": str(uuid.uuid4())} for _ in range(40)], actor=actor, now=fixed_clock.now())
    township.get("/files/announcements")
    with count_statements() as seen:
        assert len(township.get("/files/announcements?limit=20&state=all").json["items"]) == 20
    assert len(seen) <= 3, seen
