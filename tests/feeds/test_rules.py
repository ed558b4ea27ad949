"""What a calendar says, and how it is written (RFC 5545, RFC 7986)."""
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from backend.core import clock
from backend.core.problems import Invalid
from backend.feeds import rules
from backend.feeds.rules import Event, ical

AT = clock.at_local(date(2026, 11, 2), 9)
LONG = "欧阳 " + "企业职工基本养老保险关系转移接续和一次性告知" * 4


def event(uid="a@daiban", **changes):
    values = {"sequence": 0, "written_at": AT, "start": AT, "end": AT + timedelta(minutes=30), "summary": LONG}
    return Event(uid, **values | changes)


def test_no_line_is_longer_than_75_octets_and_none_is_cut_within_a_character():
    written = ical.written("feed", "头陀镇 值班表", [event()])
    lines = written.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert "\r\n".join(line.decode() for line in lines).encode() == written
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert LONG in written.replace(b"\r\n ", b"").decode()


def test_the_zone_stands_within_and_times_name_it():
    whole_day = event(start=date(2026, 11, 2), end=date(2026, 11, 3))
    read = Calendar.from_ical(ical.written("feed", "名", [whole_day, event("b")]))
    assert [str(part["TZID"]) for part in read.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    day, timed = read.walk("VEVENT")
    assert day["DTSTART"].params["VALUE"] == "DATE"
    assert timed["DTSTART"].params["TZID"] == "Asia/Shanghai" and timed.decoded("DTSTART") == AT
    assert (str(read["NAME"]), read["REFRESH-INTERVAL"].dt) == ("名", rules.REFRESH)


def test_the_same_calendar_is_the_same_bytes_in_whatever_order_it_was_found():
    events = [event("b"), event("a"), event("c", sequence=2)]
    assert ical.written("f", "n", rules.in_order(events)) == ical.written("f", "n", rules.in_order(reversed(events)))


def test_what_stands_again_after_it_was_cancelled_stands():
    events = rules.in_order([event(sequence=3), event(sequence=3, status=rules.CANCELLED)])
    assert [one.status for one in events] == [rules.CONFIRMED]
    assert rules.in_order([event(sequence=4, status=rules.CANCELLED), event(sequence=3)])[0].status == rules.CANCELLED


@pytest.mark.parametrize(("kind", "given", "expected"), [
    ("agent", None, ""), ("unit", None, "331003001001"), ("roster", "331003001000", "331003001000"),
])
def test_a_feed_is_of_the_unit_named_or_of_ones_own(kind, given, expected):
    assert rules.place(kind, given, "331003001001") == expected


def test_ones_own_days_have_no_unit():
    with pytest.raises(Invalid) as refused:
        rules.place("agent", "331003001001", "331003001001")
    assert "unit_code" in refused.value.errors


@pytest.mark.parametrize(("desk", "expected"), [
    ("2", "王值班 2号窗口"), ("", "王值班"), ("社保", "王值班 社保"),
])
def test_a_shift_says_surname_kind_and_desk(desk, expected):
    assert rules.duty("王", "duty", desk) == expected
