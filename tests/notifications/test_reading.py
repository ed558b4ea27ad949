"""One's own notices; the outbox for those who keep it; dead letters tried again; call tasks within scope."""
from datetime import timedelta

import pytest

from backend.core import sql
from backend.notifications import rules
from backend.notifications.actions import outbox
from tests import cast
from tests.notifications.conftest import SYSTEM, VALUES, new_resident, post, state
from tests.statements import count_statements


@pytest.fixture
def office(district_app):
    return cast.sign_in(district_app.test_client(), "office")


@pytest.fixture
def supervisor(district_app):
    return cast.sign_in(district_app.test_client(), "supervisor")


def items(caller, path):
    answer = caller.get(path)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def test_an_account_reads_its_own_notices_newest_first(agent, neighbour, account, now):
    made = [post("card", account, now + timedelta(seconds=n), f"k{n}") for n in range(3)]
    later = agent.client.application.extensions["daiban"].clock
    later.advance(seconds=5)
    found = items(agent, "/me/notices")
    assert [notice["id"] for notice in found] == made[::-1]
    assert found[0]["text"].startswith("黄牌：代办件001001-260212-0001-3（临时救助）")
    english = agent.get(f"/me/notices/{made[0]}", headers={"Accept-Language": "en"}).json
    assert "is due by 2026-02-26" in english["text"]
    assert items(neighbour, "/me/notices") == []
    assert neighbour.get(f"/me/notices/{made[0]}").status_code == 404


def test_a_card_for_the_next_opening_is_not_seen_before(agent, account, fixed_clock):
    evening = fixed_clock.set("2026-02-12 18:00")
    notice = post("card", account, evening, not_before=evening + timedelta(hours=14, minutes=30))
    assert items(agent, "/me/notices") == []
    assert agent.get(f"/me/notices/{notice}").status_code == 404
    fixed_clock.set("2026-02-13 08:30")
    assert [found["id"] for found in items(agent, "/me/notices")] == [notice]


def test_reading_is_noted_once(agent, account, now, fixed_clock):
    notice = post("card", account, now)
    path = f"/me/notices/{notice}/reading"
    first = agent.put(path, etag=None)
    assert first.json["read_at"] == "2026-02-12T10:00:00+08:00"
    fixed_clock.advance(minutes=1)
    assert agent.put(path, etag=None).json == first.json
    assert items(agent, "/me/notices?unread=true") == []
    assert len(items(agent, "/me/notices")) == 1


def test_the_inbox_is_read_page_by_page_in_two_statements(agent, account, now):
    made = [post("card", account, now, f"k{n}") for n in range(5)]
    with count_statements() as seen:
        first = agent.get("/me/notices?limit=2&unread=true").json
    assert len(seen) <= 3
    second = agent.get(f"/me/notices?limit=2&unread=true&cursor={first['next_cursor']}").json
    third = agent.get(f"/me/notices?limit=2&unread=true&cursor={second['next_cursor']}").json
    assert third["next_cursor"] is None
    found = [each["id"] for page in (first, second, third) for each in page["items"]]
    assert found == sorted(made, reverse=True)
    assert agent.get(f"/outbox?cursor={first['next_cursor']}").status_code == 403


def test_the_outbox_is_listed_masked_to_its_keepers_alone(admin, supervisor, office, agent, resident, account, now):
    waiting, dead = post("errand_accepted", resident, now, "1"), post("card", account, now, "2")
    gone = post("card", account, now, "3")
    sql.run("UPDATE notice SET state = 'dead' WHERE id = ?", (dead,))
    sql.run("UPDATE notice SET state = 'delivered' WHERE id = ?", (gone,))
    assert {found["id"] for found in items(admin, "/outbox")} == {waiting, dead}
    assert [found["id"] for found in items(supervisor, "/outbox?state=dead")] == [dead]
    assert len(items(admin, "/outbox?state=all")) == 3
    assert items(admin, f"/outbox?unit_code={cast.NEIGHBOUR}") == []
    for units in (f"unit_code={cast.VILLAGE}", f"unit_code={cast.VILLAGE}&unit_code={cast.NEIGHBOUR}"):
        assert {found["id"] for found in items(admin, f"/outbox?{units}")} == {waiting, dead}
    one = admin.get(f"/outbox/{waiting}")
    assert one.json["phone"] == "138****1234" and one.headers["ETag"]
    assert "13805761234" not in one.text and "临时救助" not in one.text
    assert {caller.get("/outbox").status_code for caller in (office, agent)} == {403}


def test_the_outbox_is_read_page_by_page_over_states(admin, account, now):
    made = [post("card", account, now, f"k{n}") for n in range(7)]
    for n, notice in enumerate(made):
        sql.run("UPDATE notice SET state = ? WHERE id = ?", (rules.STATES[n], notice))
    seen, cursor = [], ""
    while cursor is not None:
        with count_statements() as statements:
            page = admin.get(f"/outbox?state=all&limit=3{cursor and '&cursor=' + cursor}").json
        assert len(statements) <= 3
        seen += [found["id"] for found in page["items"]]
        cursor = page["next_cursor"]
    assert seen == sorted(made)


def test_a_dead_letter_is_tried_again_by_the_admin_alone(admin, supervisor, resident, now):
    notice = post("errand_accepted", resident, now)
    path = f"/outbox/{notice}/replays"
    assert admin.post(path).status_code == 409
    sql.run("UPDATE notice SET state = 'dead', failures = 10, first_at = 1, ended_at = 1 WHERE id = ?", (notice,))
    assert supervisor.post(path).status_code == 403
    assert admin.post(path, headers={"If-Match": '"9"'}).status_code == 412
    told = admin.post(path, key="replay-0001")
    assert (told.status_code, told.json["state"], told.json["failures"]) == (201, "waiting", 0)
    assert admin.post(path, key="replay-0001").headers["Idempotent-Replayed"] == "true"
    assert admin.post(path).json["possible"] == ["lease", "expire", "give_up", "deliver"]


@pytest.mark.parametrize("over", ["expired", "unknown", "delivered", "failed", "sent"])
def test_only_what_is_dead_is_tried_again(over, admin, resident, now):
    notice = post("errand_accepted", resident, now)
    sql.run("UPDATE notice SET state = ? WHERE id = ?", (over, notice))
    assert admin.post(f"/outbox/{notice}/replays").json["type"] == "/problems/illegal-move"
    assert state(notice) == over


def test_another_districts_notices_are_not_there(admin, resident, now):
    notice = outbox.post(
        "errand_accepted", to=resident, subject_type="errand", subject_id="e", unit_code="331004001001",
        values=VALUES, dedupe="far", actor=SYSTEM, now=now,
    )
    assert items(admin, "/outbox?state=all") == []
    assert admin.get(f"/outbox/{notice}").status_code == 404
    assert admin.post(f"/outbox/{notice}/replays").status_code == 404


def test_call_tasks_keep_their_wire_and_scope(agent, neighbour, township, office, district, now):
    resident = new_resident(None, now)
    post("errand_posted", resident, now)
    (task,) = items(agent, "/call-tasks")
    assert (task["errand_id"], task["errand_number"]) == ("e1", VALUES["number"])
    assert (task["subject_type"], task["reason"], task["resident_id"]) == ("errand", "posted_result", resident)
    assert (task["state"], task["reached"], task["version"]) == ("open", None, 1)
    for caller in (township, office):
        assert [found["id"] for found in items(caller, "/call-tasks")] == [task["id"]]
    assert items(neighbour, "/call-tasks") == []
    for units, seen in ((f"unit_code={cast.VILLAGE}", 1), (f"unit_code={cast.NEIGHBOUR}", 0),
                        (f"unit_code={cast.VILLAGE}&unit_code={cast.NEIGHBOUR}", 1)):
        assert len(items(township, f"/call-tasks?{units}")) == seen
        assert items(neighbour, f"/call-tasks?{units}") == []
    assert neighbour.put(f"/call-tasks/{task['id']}/outcome", {"reached": True}).status_code == 404
    assert agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": True}, etag='"7"').status_code == 412
    assert agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": True, "note": "已告知"}).json["state"] == "done"
    assert (items(agent, "/call-tasks"), len(items(agent, "/call-tasks?state=all"))) == ([], 1)


def test_call_tasks_are_read_page_by_page(agent, district, now):
    resident = new_resident(None, now)
    for n in range(5):
        post("errand_posted", resident, now, f"k{n}")
    with count_statements() as seen:
        first = agent.get("/call-tasks?limit=3&state=all").json
    assert len(seen) <= 3
    second = agent.get(f"/call-tasks?limit=3&state=all&cursor={first['next_cursor']}").json
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (3, 2, None)
