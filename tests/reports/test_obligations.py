"""Who owed a report is frozen when it is due, once, and what is missing climbs (rules 7.1, 7.4)."""
import pytest

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.problems import Invalid
from backend.notifications.actions import outbox
from backend.org.actions import units
from backend.reports import jobs
from backend.reports.actions import filing, obligations
from backend.reports.queries import obligations as owed
from backend.reports.queries import reports
from tests import cast
from tests.reports.filed import JOB, at, clerk, figures, file, notices, tick, townships
from tests.statements import count_statements

W39 = "2026-W39"
ADMIN = Actor(id="admin", name="管理员", role="admin", unit_code=cast.DISTRICT)


@pytest.fixture
def codes(district):
    """Twenty-one townships, on Monday of the example's week; the weeks before were nobody's."""
    found = townships(21)
    tick(at("09-21 08:00"))
    return found


def merge_away(code, day, now):
    units.change(code, changes={"valid_to_on": at(f"{day} 00:00").date()}, actor=ADMIN, now=now)


def test_the_worked_example_of_the_week_before_mid_autumn(codes):
    merge_away(codes[20], "09-22", at("09-21 09:00"))
    for code in codes[:16]:
        file(code, W39, at("09-23 10:00"))
    file(codes[16], W39, at("09-24 17:29:59"))
    with pytest.raises(Invalid):
        filing.file(W39, codes[18], actor=clerk(codes[18]), now=at("09-24 17:00"))
    assert tick(at("09-24 17:30")) == 0
    assert tick(at("09-24 17:30:05")) == 20
    file(codes[17], W39, at("09-24 17:31"))
    found = figures(W39)
    assert found == {
        "expected": 20, "received": 18, "on_time": 17, "missing": [codes[18], codes[19]], "late": [codes[17]],
    }
    filing.correct(W39, codes[0], given={"reason": "笔误", "plan": "改过的计划"}, actor=clerk(codes[0]),
                   now=at("09-28 09:00"))
    merge_away(codes[1], "09-29", at("09-28 10:00"))
    assert tick(at("09-28 10:01")) == 0
    assert figures(W39) == found


def test_exactly_at_the_due_moment_is_in_time_and_a_minute_later_is_late(codes):
    for code, when, on_time in zip(codes, ("17:30:00", "17:30:01", "17:31"), (True, False, False)):
        file(code, W39, at(f"09-24 {when}"))
        assert reports.receipt(W39, code, actor=clerk(code), now=at("09-24 18:00"))["on_time"] is on_time


def test_the_week_of_the_spring_festival_owes_nothing(district):
    tick(at("02-14 18:00"))
    assert tick(at("02-23 00:01")) == 0
    assert owed.moment(cast.DISTRICT, "2026-W08", "due")["owed"] == 0
    assert figures("2026-W08")["expected"] == 0 and notices("report_missing") == []
    code = cast.TOWNSHIP
    file(code, "2026-W08", at("02-20 10:00"))
    assert reports.receipt("2026-W08", code, actor=clerk(code), now=at("02-20 10:00"))["on_time"] is None


def test_a_district_begins_with_the_week_in_which_it_is_first_seen(district):
    tick(at("02-12 10:00"))
    assert owed.moment(cast.DISTRICT, "2026-W06", "due")["owed"] is None
    assert figures("2026-W06")["expected"] == 0 and notices("report_missing") == []
    assert tick(at("02-14 17:30:10")) == 19


def test_what_somebody_wrote_about_before_the_first_pass_is_owed(district):
    file(cast.TOWNSHIP, "2026-W06", at("02-06 16:00"))
    assert tick(at("02-12 10:00")) == 19
    assert figures("2026-W06")["received"] == 1


def test_a_server_that_was_down_freezes_each_week_once_as_of_its_due_moment(codes):
    """It comes back 26 hours late, and after three weeks: each week has the townships of its own due day."""
    merge_away(codes[20], "10-01", at("09-21 09:00"))
    assert tick(at("09-25 19:30")) == 21
    moment = owed.moment(cast.DISTRICT, W39, "due")
    assert (moment["effective_at"], moment["detected_at"]) == (at("09-24 17:30"), at("09-25 19:30"))
    assert tick(at("10-12 09:00")) == 21 + 20
    assert owed.moment(cast.DISTRICT, "2026-W40", "due")["owed"] == 21
    assert owed.moment(cast.DISTRICT, "2026-W41", "due")["owed"] == 20
    assert tick(at("10-12 09:01")) == 0


def test_what_is_missing_climbs_to_head_and_office_once(codes):
    for code in codes[2:]:
        file(code, W39, at("09-23 10:00"))
    for _ in range(2):
        tick(at("09-24 17:30:05"))
        tick(at("09-24 18:00"))
    assert [one["username"] for one in notices("report_missing")] == [f"township-{code}" for code in codes[:2]]
    assert [one["username"] for one in notices("reports_missing")] == ["office"]
    entry = ledger.history("report", f"{W39}/{codes[0]}")[-1]
    assert entry["action"] == "report.climb" and entry["happened_at"] == at("09-24 17:30")
    assert entry["recorded_at"] == at("09-24 17:30:05") and entry["detail"]["post"] == "head"


def test_nobody_is_told_at_night(codes):
    tick(at("09-25 02:00"))
    assert {one["next_at"] for one in notices("report_missing")} == {at("09-25 07:00")}


def test_a_pass_that_breaks_off_is_finished_by_the_next(codes, monkeypatch):
    post, left = outbox.post, [5]

    def failing(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            raise RuntimeError("cut off")
        return post(*args, **kwargs)

    monkeypatch.setattr(outbox, "post", failing)
    with pytest.raises(RuntimeError):
        obligations.climb(_climbing(at("09-24 17:31")), actor=JOB, now=at("09-24 17:31"))
    monkeypatch.setattr(outbox, "post", post)
    tick(at("09-24 17:32"))
    told = [one["subject_id"] for one in notices("report_missing")]
    with_account = [code for code in codes if not code.startswith("3310038")]
    assert len(told) == len(set(told)) and {f"{W39}/{code}" for code in with_account} <= set(told)
    assert owed.climbing(10) == []


def _climbing(now):
    obligations.freeze(cast.DISTRICT, W39, actor=JOB, now=now)
    return owed.climbing(100)


def test_reminders_a_working_day_before_and_at_noon_reach_those_who_have_not_filed(codes):
    file(codes[0], W39, at("09-22 10:00"))
    for moment in ("09-23 08:29", "09-23 08:31", "09-23 09:00"):
        tick(at(moment))
    first = notices("report_reminder")
    assert len(first) == 20 and first[0]["username"] == f"township-{codes[1]}"
    file(codes[1], W39, at("09-23 10:00"))
    for moment in ("09-24 12:00", "09-24 12:01", "09-24 17:00"):
        tick(at(moment))
    assert len(notices("report_reminder")) == 20 + 19
    assert owed.moment(cast.DISTRICT, W39, "noon")["effective_at"] == at("09-24 12:00")


def test_a_missed_reminder_is_given_late_and_only_the_one_in_force(codes):
    tick(at("09-24 13:00"))
    assert len(notices("report_reminder")) == 21
    assert owed.moment(cast.DISTRICT, W39, "day_before") is None


def test_asking_for_a_week_before_reporting_began_freezes_it_all_the_same(codes):
    """The office may issue the bulletin of the week that was over when the product came."""
    assert obligations.freeze(cast.DISTRICT, "2026-W38", actor=JOB, now=at("09-21 09:00")) == 21
    assert obligations.freeze(cast.DISTRICT, "2026-W38", actor=JOB, now=at("09-21 09:01")) == 0
    assert figures("2026-W38")["expected"] == 21


def test_the_jobs_ask_little_when_there_is_nothing_to_do(codes):
    with count_statements() as seen:
        jobs.fall_due(actor=JOB, now=at("09-22 10:00"))
        jobs.remind(actor=JOB, now=at("09-22 10:00"))
    assert len(seen) <= 5, seen
