"""Calendars over the API: subscribed to, read by a calendar program, ended (issue 4)."""
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from backend.core import clock, sql
from backend.core.actor import system
from backend.errands.actions import erasing
from tests import cast
from tests.appointments import booked
from tests.statements import count_statements
from tests.visits import calls as visits

DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def autumn(fixed_clock):
    return fixed_clock.set("2026-10-09 10:00")


def subscribed(caller, kind, **more):
    return visits.sent(caller.post("/me/calendar", {"kind": kind, **more}), 201)


def fetched(stranger, feed, status=200, **headers):
    answer = stranger.client.get(urlsplit(feed["url"]).path, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def entries(stranger, feed):
    return Calendar.from_ical(fetched(stranger, feed).data).walk("VEVENT")


def events(stranger, feed):
    return {str(found["SUMMARY"]): found for found in entries(stranger, feed)}


def statuses(stranger, feed):
    return sorted(str(found["STATUS"]) for found in entries(stranger, feed))


@pytest.fixture
def offered(township):
    """The township's centre can be booked."""
    return visits.sent(township.put(f"/units/{cast.TOWNSHIP}/booking-rules", booked.rules()))


def book(operator, **changes):
    body = booked.appointment(date=DAY.isoformat(), **changes)
    return visits.sent(operator.post("/appointments", body), 201)


def change(caller, booking, noun, body=None):
    return visits.sent(caller.put(f"/appointments/{booking['id']}/{noun}", body or {}))


def test_a_units_calendar_holds_its_appointments_with_surname_and_service_only(stranger, operator, offered):
    booking = book(operator)
    feed = subscribed(operator, "unit")
    answer = fetched(stranger, feed)
    text = answer.data.replace(b"\r\n ", b"").decode()
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "SUMMARY:王综合业务" in text and "DTSTART;TZID=Asia/Shanghai:20261012T090000" in text
    for personal in ("王桂香", "1385761", booking["number"]):
        assert personal not in text


def test_a_booking_keeps_its_uid_and_counts_its_changes_until_it_is_cancelled(stranger, operator, offered, fixed_clock):
    booking = book(operator)
    feed = subscribed(operator, "unit")
    first = events(stranger, feed)["王综合业务"]
    change(operator, booking, "rescheduling", {"date": DAY.isoformat(), "start": "10:00"})
    second = events(stranger, feed)["王综合业务"]
    assert first["UID"] == second["UID"] and second["SEQUENCE"] > first["SEQUENCE"]
    assert second.decoded("DTSTART") == clock.at_local(DAY, 10)
    change(operator, booking, "cancellation", {"reason": "本人要求"})
    gone = events(stranger, feed)["王综合业务"]
    assert (str(gone["STATUS"]), gone["UID"]) == ("CANCELLED", first["UID"]) and gone["SEQUENCE"] > second["SEQUENCE"]
    fixed_clock.set("2026-11-08 09:59")
    assert str(events(stranger, feed)["王综合业务"]["STATUS"]) == "CANCELLED"
    fixed_clock.set("2026-11-08 10:01")
    assert events(stranger, feed) == {}


def test_an_agents_calendar_holds_his_visits(stranger, agent, neighbour):
    visits.scheduled(agent)
    found = events(stranger, subscribed(agent, "agent"))["王上门服务"]
    assert found.decoded("DTSTART") == clock.at_local(DAY, 9) and "LOCATION" not in found
    assert events(stranger, subscribed(neighbour, "agent")) == {}


def test_a_calendar_outlives_the_erasure_of_a_resident(stranger, agent, fixed_clock):
    """It failed for all its readers, for a month, once a name in it was gone."""
    feed, visit = subscribed(agent, "unit"), visits.scheduled(agent)
    erasing.erase(visit["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now())
    assert [(str(one["SUMMARY"]), str(one["STATUS"])) for one in entries(stranger, feed)] == [("上门服务", "CANCELLED")]


def roster(township, shifts, on_call=()):
    people = {row["username"]: row["id"] for row in sql.rows("SELECT username, id FROM account")}
    body = {
        "shifts": [
            {"date": DAY.isoformat(), "account_id": people[who], "desk": desk, "from": "08:30", "to": "17:30",
             "services": [], "kind": "duty"} for who, desk in shifts
        ],
        "on_call": [{"date": DAY.isoformat(), "account_id": people[who]} for who in on_call],
    }
    visits.sent(township.put(f"/units/{cast.TOWNSHIP}/rosters/2026-10", body))
    return people


def test_a_roster_shows_who_is_on_and_for_a_month_who_no_longer_is(stranger, township, operator):
    roster(township, [(cast.OPERATOR, "1")], [cast.OPERATOR])
    feed, own = subscribed(township, "roster"), subscribed(operator, "agent")
    assert statuses(stranger, feed) == statuses(stranger, own) == ["CONFIRMED", "CONFIRMED"]
    roster(township, [(cast.OFFICE_OF_TOWNSHIP, "1")])
    assert statuses(stranger, feed) == ["CANCELLED", "CONFIRMED"]
    assert statuses(stranger, own) == ["CANCELLED"]


def test_subscribing_again_ends_the_address_before(stranger, agent):
    first = subscribed(agent, "agent")
    again = agent.post("/me/calendar", {"kind": "agent"}, key="calendar-again").json
    assert again["id"] == first["id"] and again["url"] != first["url"]
    fetched(stranger, first, 404)
    fetched(stranger, again)
    replayed = agent.post("/me/calendar", {"kind": "agent"}, key="calendar-again")
    assert replayed.json["url"] == again["url"] and replayed.headers["Idempotent-Replayed"] == "true"


def test_a_known_calendar_is_not_sent_again(stranger, agent):
    feed = subscribed(agent, "agent")
    answer = fetched(stranger, feed)
    assert fetched(stranger, feed, 304, **{"If-None-Match": answer.headers["ETag"]}).data == b""
    visits.scheduled(agent)
    assert fetched(stranger, feed, **{"If-None-Match": answer.headers["ETag"]}).data


def test_a_feed_ends_with_its_account_and_with_its_owners_will(stranger, agent, neighbour, now):
    feed, ended = subscribed(agent, "agent"), subscribed(agent, "unit")
    assert agent.delete(f"/me/calendar/{ended['id']}").status_code == 204
    fetched(stranger, ended, 404)
    assert neighbour.get(f"/me/calendar/{feed['id']}").status_code == 404
    assert [one["id"] for one in agent.get("/me/calendar").json["items"]] == [feed["id"]]
    sql.run("UPDATE account SET disabled_at = 1 WHERE username = ?", (cast.AGENT,))
    fetched(stranger, feed, 404)


def test_nobody_subscribes_to_a_unit_beyond_his_reach(stranger, agent):
    assert agent.post("/me/calendar", {"kind": "unit", "unit_code": cast.NEIGHBOUR}).status_code == 404
    handler = cast.sign_in(stranger.client, cast.HANDLER)
    assert handler.post("/me/calendar", {"kind": "unit"}).status_code == 403
    refused = agent.post("/me/calendar", {"kind": "agent", "unit_code": cast.VILLAGE})
    assert refused.status_code == 422 and "unit_code" in refused.json["errors"]


def test_an_unknown_secret_is_not_found(stranger):
    fetched(stranger, {"url": "http://127.0.0.1/api/v1/calendars/nobody-knows-this-secret.ics"}, 404)


def test_a_roster_costs_so_many_statements_whatever_its_size(stranger, township):
    roster(township, [(cast.OPERATOR, "1"), (cast.OFFICE_OF_TOWNSHIP, "2")], [cast.OPERATOR])
    feed = subscribed(township, "roster")
    with count_statements() as statements:
        fetched(stranger, feed)
    assert len(statements) <= 14, statements


@pytest.mark.one_engine
def test_a_calendar_program_reads_it(stranger, operator, offered, tmp_path):
    """khal, a calendar for the terminal, takes the file in and lists what stands on the day."""
    book(operator)
    book(operator, start="10:00", person={"name": "欧阳娜", "phone": "13857610099"})
    (tmp_path / "feed.ics").write_bytes(fetched(stranger, subscribed(operator, "unit")).data)
    (tmp_path / "config").write_text(
        f"[calendars]\n[[daiban]]\npath = {tmp_path}/calendar\n[locale]\ndefault_timezone = Asia/Shanghai\n"
        "local_timezone = Asia/Shanghai\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    (tmp_path / "calendar").mkdir()

    def khal(*words: str) -> str:
        program = [str(Path(sys.executable).with_name("khal")), "-c", str(tmp_path / "config"), *words]
        settings = {"LC_ALL": "C.UTF-8", "PATH": ""}
        done = subprocess.run(program, capture_output=True, text=True, timeout=60, env=settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    khal("import", "--batch", "-a", "daiban", str(tmp_path / "feed.ics"))
    assert khal("list", "--format", "{start-end-time-style} {title}", "2026-10-12", "1d").split("\n")[1:3] == [
        "09:00-09:30 王综合业务", "10:00-10:30 欧阳综合业务",
    ]
