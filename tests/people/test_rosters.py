"""Rosters: who is on duty as they are written, people come and go, are on leave and swap; who is on call."""
from datetime import date

import pytest

from backend.core import ledger, sql
from backend.core.actor import system
from backend.notifications import jobs as notices
from backend.notifications.queries import outbox
from backend.org.models import Unit
from backend.people.actions import absences, accounts, posts, rostering, swapping
from backend.people.queries import oncall, rosters
from tests.statements import count_statements

from .conftest import DISTRICT, NEXT_VILLAGE, TOWN, VILLAGE

MONTH, DAY, NEXT = "2026-03", date(2026, 3, 2), date(2026, 3, 3)


def shift(who, start="08:30", end="12:00", day=DAY, **more):
    return {
        "date": day, "account_id": who, "desk": "1", "from": start, "to": end, "services": [], "kind": "duty",
        "stand_in_id": None, **more,
    }


@pytest.fixture
def write(acting, staff, now):
    """Write a roster; people by username."""

    def written(*shifts, code=VILLAGE, on_call=(), month=MONTH, by="town", at=None):
        named = [
            one | {"account_id": staff[one["account_id"]], "stand_in_id": staff.get(one["stand_in_id"])}
            for one in shifts
        ]
        contacts = [{"date": day, "account_id": staff[who]} for day, who in on_call]
        return rostering.write(code, month, shifts=named, on_call=contacts, actor=acting(by), now=at or now)

    return written


@pytest.fixture
def there(staff):
    """Who is on duty at a unit on a day: usernames with the minutes."""
    usernames = {}

    def found(code=VILLAGE, day=DAY):
        usernames.update({account_id: username for username, account_id in staff.items()})
        return [
            (usernames[duty.account_id], duty.from_minute, duty.to_minute)
            for duty in rosters.on_duty(code, day, day).get(day, [])
        ]

    return found


@pytest.fixture
def leave(acting, staff, now):
    """Leave of somebody, approved by the township."""

    def taken(who, from_on=DAY, to_on=DAY, approved=True):
        made = absences.ask(account_id=None, from_on=from_on, to_on=to_on, reason="事假", actor=acting(who), now=now)
        if approved:
            absences.decide(made, approved=True, note=None, actor=acting("town"), now=now)
        return made

    return taken


def test_a_roster_counts_once_it_is_written_and_its_stamp_grows(write, there):
    assert (there(), rosters.stamp(VILLAGE)) == ([], 0)
    write(shift("agent"), shift("operator", "09:00", "11:00", services=["hukou"]))
    assert there() == [("agent", 510, 720), ("operator", 540, 660)]
    assert rosters.on_duty(VILLAGE, DAY, NEXT)[DAY][1].services == frozenset({"hukou"})
    assert rosters.stamp(VILLAGE) == 1
    write(shift("agent", "14:00", "17:30"))
    assert (there(), rosters.stamp(VILLAGE)) == ([("agent", 840, 1050)], 2)


def test_the_same_again_changes_nothing_and_what_stays_keeps_its_row(write):
    write(shift("agent"), shift("operator"), on_call=[(DAY, "agent")])
    before = dict(sql.execute("SELECT account_id, id FROM shift").fetchall())
    told = len(ledger.history("roster", f"{VILLAGE}/{MONTH}"))
    write(shift("agent"), shift("operator"), on_call=[(DAY, "agent")])
    assert (rosters.stamp(VILLAGE), len(ledger.history("roster", f"{VILLAGE}/{MONTH}"))) == (1, told)
    write(shift("agent"))
    assert before.items() >= dict(sql.execute("SELECT account_id, id FROM shift").fetchall()).items()


def test_on_duty_and_stamp_take_two_statements_and_one_whatever_the_month_holds(write, leave):
    days = [date(2026, 3, day) for day in range(2, 28)]
    write(*(shift(who, day=day, stand_in_id="town") for day in days for who in ("agent", "operator")))
    leave("agent")
    with count_statements() as seen:
        found = rosters.on_duty(VILLAGE, days[0], days[-1])
    assert (len(found), len(seen)) == (26, 2)
    assert len(found[DAY]) == 2
    with count_statements() as seen:
        rosters.stamp(VILLAGE)
    assert len(seen) == 1


def test_on_leave_the_stand_in_is_there_once_it_is_approved_and_until_it_is_withdrawn(
    write, there, leave, acting, fixed_clock
):
    write(shift("agent", stand_in_id="agent2"), shift("agent", day=NEXT))
    asked = leave("agent", DAY, NEXT, approved=False)
    assert (there(), rosters.stamp(VILLAGE)) == ([("agent", 510, 720)], 1)
    absences.decide(asked, approved=True, note=None, actor=acting("town"), now=fixed_clock.now())
    assert (there(), there(day=NEXT), rosters.stamp(VILLAGE)) == ([("agent2", 510, 720)], [], 2)
    at = fixed_clock.set("2026-03-03 09:00")
    absences.withdraw(asked, actor=acting("agent"), now=at)
    assert (there(), there(day=NEXT)) == ([("agent2", 510, 720)], [("agent", 510, 720)])
    assert rosters.stamp(VILLAGE) == 3
    assert sql.row("SELECT state, to_on FROM leave") == {"state": "approved", "to_on": DAY}


def test_leave_bumps_every_unit_on_whose_roster_one_stands_and_no_other(write, leave):
    write(shift("operator"))
    write(shift("agent2", "14:00", "17:30", stand_in_id="operator"), code=NEXT_VILLAGE)
    write(shift("town"), code=TOWN)
    leave("operator", NEXT, NEXT)
    assert [rosters.stamp(code) for code in (VILLAGE, NEXT_VILLAGE, TOWN)] == [1, 1, 1]
    leave("operator")
    assert [rosters.stamp(code) for code in (VILLAGE, NEXT_VILLAGE, TOWN)] == [2, 2, 1]


def test_whoever_is_disabled_or_moves_away_is_not_on_duty_though_his_shifts_are_kept(
    write, there, acting, staff, fixed_clock
):
    write(shift("agent", stand_in_id="operator"))
    now, admin, agent = fixed_clock.now(), acting("admin"), staff["agent"]
    accounts.disable(agent, reason="", actor=admin, now=now)
    assert (there(), rosters.stamp(VILLAGE)) == ([("operator", 510, 720)], 2)
    accounts.enable(agent, actor=admin, now=now)
    assert (there(), rosters.stamp(VILLAGE)) == ([("agent", 510, 720)], 3)
    accounts.edit(agent, {"unit_code": "331003101200"}, actor=admin, now=now)
    assert (there(), rosters.stamp(VILLAGE)) == ([("operator", 510, 720)], 4)
    accounts.edit(agent, {"name": "新名"}, actor=admin, now=now)
    assert (rosters.stamp(VILLAGE), sql.value("SELECT count(*) FROM shift")) == (4, 1)
    write(shift("agent", stand_in_id="operator"), shift("operator", "14:00", "17:30"))
    assert there() == [("operator", 510, 720), ("operator", 840, 1050)]


def test_what_was_before_the_day_of_disabling_stays(write, there, acting, staff, fixed_clock):
    write(shift("agent"), shift("agent", day=NEXT))
    accounts.disable(staff["agent"], reason="", actor=acting("admin"), now=fixed_clock.set("2026-03-03 09:00"))
    assert (there(), there(day=NEXT)) == ([("agent", 510, 720)], [])


@pytest.fixture
def swap(acting, staff, now):
    """Have an agent ask to swap."""

    def asked(who, with_whom, day=DAY, with_day=None, code=VILLAGE):
        return swapping.ask(
            unit_code=code, account_id=None, day=day, with_account_id=staff[with_whom], with_day=with_day,
            reason="有事", actor=acting(who), now=now,
        )

    return asked


def test_an_approved_swap_changes_hands_for_all_shifts_of_the_days(write, there, swap, acting, staff, now):
    write(shift("agent", stand_in_id="operator"), shift("agent", "14:00", "17:30"), shift("operator", day=NEXT))
    made = swap("agent", "operator", with_day=NEXT)
    swapping.answer(made, agreed=True, actor=acting("operator"), now=now)
    assert rosters.stamp(VILLAGE) == 1
    swapping.decide(made, approved=True, note=None, actor=acting("town"), now=now)
    assert there() == [("operator", 510, 720), ("operator", 840, 1050)]
    assert (there(day=NEXT), rosters.stamp(VILLAGE)) == ([("agent", 510, 720)], 2)
    assert sql.value("SELECT count(*) FROM shift WHERE stand_in_id IS NOT NULL") == 0
    assert sql.value("SELECT version FROM roster") == 2


def test_a_swap_is_refused_once_the_roster_no_longer_has_the_shift(write, swap, acting, staff, now):
    write(shift("agent"))
    made = swap("agent", "operator")
    write(shift("agent", day=NEXT))
    with pytest.raises(swapping.rules.SwapImpossible):
        swapping.decide(made, approved=True, note=None, actor=acting("town"), now=now)
    assert sql.value("SELECT state FROM swap") == "asked"


def test_a_swap_across_the_change_of_month_notes_both_rosters(write, there, swap, acting, now):
    last, first = date(2026, 3, 31), date(2026, 4, 1)
    write(shift("agent", day=last))
    write(shift("operator", day=first), month="2026-04")
    made = swap("agent", "operator", last, first)
    swapping.decide(made, approved=True, note=None, actor=acting("town"), now=now)
    assert (there(day=last), there(day=first)) == ([("operator", 510, 720)], [("agent", 510, 720)])
    assert [row[0] for row in sql.execute("SELECT version FROM roster").fetchall()] == [2, 2]


def test_a_stand_in_stands_in_only_on_the_days_of_approved_leave(write, leave, staff):
    write(shift("agent", stand_in_id="operator"), shift("agent", day=NEXT, stand_in_id="operator"))
    leave("agent")
    assert rosters.stands_in(staff["operator"], staff["agent"], DAY)
    assert not rosters.stands_in(staff["operator"], staff["agent"], NEXT)
    assert not rosters.stands_in(staff["town"], staff["agent"], DAY)


def on_call(code=VILLAGE, day=DAY):
    found = oncall.on_call(code, day)
    return found.source, found.code, found.name and found.name.removeprefix("员工"), found.phone


@pytest.fixture
def phone(staff):
    """Give a phone to a username or a unit."""

    def given(who, number):
        if who in staff:
            sql.run("UPDATE account SET phone = ? WHERE id = ?", (number, staff[who]))
        else:
            sql.run("UPDATE unit SET phone = ? WHERE code = ?", (number, who))

    return given


def test_on_call_is_the_unit_s_contact_else_the_township_s_else_the_duty_post(
    write, phone, leave, acting, staff, now
):
    for number, who in enumerate(("agent", "operator", "town")):
        phone(who, f"1380000000{number}")
    posts.appoint(TOWN, "duty", account_id=staff["town"], actor=acting("admin"), now=now)
    assert on_call() == ("post", TOWN, "town", "13800000002")
    write(code=TOWN, on_call=[(DAY, "operator")])
    assert on_call() == ("roster", TOWN, "operator", "13800000001")
    write(on_call=[(DAY, "agent")])
    assert on_call() == ("roster", VILLAGE, "agent", "13800000000")
    assert on_call(day=NEXT)[:2] == ("post", TOWN)
    leave("agent")
    assert on_call() == ("roster", TOWN, "operator", "13800000001")
    with count_statements() as seen:
        on_call()
    assert len(seen) == 4


def test_where_nobody_has_a_phone_an_office_s_is_told_and_else_the_nearest_name(write, phone, staff):
    assert on_call() == ("office", VILLAGE, None, None)
    write(on_call=[(DAY, "agent")])
    assert on_call() == ("roster", VILLAGE, "agent", None)
    phone(DISTRICT, "0576-84000000")
    assert on_call() == ("office", DISTRICT, None, "0576-84000000")
    phone(VILLAGE, "0576-84000001")
    assert on_call() == ("roster", VILLAGE, "agent", "0576-84000001")
    assert on_call("331003999999")[0] == "office"
    assert sql.value("SELECT count(*) FROM unit") == len(Unit.select())


def test_rosters_written_together_keep_one_of_them(write, together, staff, acting):
    found = together(lambda number: write(shift("agent", end=f"1{number}:00"), shift("operator")), times=4)
    assert sql.value("SELECT count(*) FROM roster") == 1
    assert sql.value("SELECT count(*) FROM shift") == 2
    assert any(not isinstance(one, Exception) for one in found)
    assert all(one == [VILLAGE, MONTH] or type(one).__name__ == "Conflict" for one in found)


def test_nobody_is_disabled_past_a_roster_that_is_being_written(write, together, there, acting, staff, now):
    write(shift("operator"))

    def work(number):
        if number:
            return accounts.disable(staff["agent"], reason="", actor=acting("admin"), now=now)
        return write(shift("agent"), shift("operator"))

    found = together(work, times=2)
    assert found[1] == staff["agent"] and rosters.stamp(VILLAGE) == (1 if isinstance(found[0], Exception) else 3)
    assert there() == [("operator", 510, 720)]


def test_a_township_is_told_once_of_the_rosters_that_are_not_out_five_days_before(write, acting, staff, fixed_clock):
    def run(at):
        return notices.remind_of_rosters(actor=system("test"), now=fixed_clock.set(at))

    write(shift("agent", day=date(2026, 2, 13)), month="2026-02")
    write(shift("agent2"), code=NEXT_VILLAGE)
    write(shift("town"), code=TOWN)
    rostering.publish(TOWN, MONTH, actor=acting("town"), now=fixed_clock.now())
    assert (run("2026-02-23 23:59"), run("2026-02-24 00:00")) == (0, 0)
    posts.appoint(TOWN, "duty", account_id=staff["town"], actor=acting("admin"), now=fixed_clock.now())
    assert (run("2026-02-24 01:00"), run("2026-02-24 02:00"), run("2026-03-01 02:00")) == (1, 0, 0)
    told = sql.row("SELECT id, recipient_id, values_sealed FROM notice")
    assert told["recipient_id"] == staff["town"]
    assert outbox.values(told) == {
        "first": "2026-03-01", "count": "2", "units": f"单位{VILLAGE}、单位{NEXT_VILLAGE}",
    }
