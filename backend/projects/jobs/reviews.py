"""What the clock decides of joint reviews: written answers that did not come; what it reminds of."""
from datetime import date, datetime

from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import clock, jobs, workdays
from backend.core.actor import Actor
from backend.projects.actions import attending, carrying, meeting
from backend.projects.queries import assignments, meetings, reviews
from backend.projects.rules import meetings as rules
from backend.reports.rules import weeks

BATCH = 200


def deem_absence(*, actor: Actor, now: datetime) -> int:
    """Decide each summons whose written answer was awaited until now and did not come, once; how many (rules 8.4)."""
    count, after = 0, (0, "")
    while found := reviews.silent(now, after, BATCH):
        count += jobs.each(
            found, lambda each: attending.lapse(each["review_id"], each["department_code"], actor=actor, now=now)
        )[0]
        after = found[-1]["answer_due_at"], found[-1]["id"]
    return count


def chase_reviews(*, actor: Actor, now: datetime) -> int:
    """Tell of minutes that are due or late, and of assignments that are overdue (rules 8.5); of how many."""
    today, count, last = clock.local_date(now), 0, ""
    while unwritten := reviews.without_minutes(today, last, BATCH):
        count += jobs.each(unwritten, lambda each: carrying.chase_minutes(each, actor=actor, now=now))[0]
        last = unwritten[-1]["id"]
    last = ""
    while found := assignments.overdue(today, last, BATCH):
        count += jobs.each(found, lambda each: carrying.chase(each, actor=actor, now=now))[0]
        last = found[-1]["id"]
    return count


def remind_of_meetings(*, actor: Actor, now: datetime) -> int:
    """Tell who prepares a district's weekly meeting of it, once, from the opening of the working day before on."""
    today, calendar = clock.local_date(now), calendars.calendar()
    if now < hours.opening_of(today) or not calendar.is_working(today):
        return 0
    coming = workdays.next_working(calendar, today)
    week = weeks.week_of(coming)
    monday = weeks.monday_of(week)
    assert monday is not None
    return jobs.each(
        meetings.districts(), lambda district: _remind(district, week, monday, coming, actor=actor, now=now)
    )[0]


def _remind(district: str, week: str, monday: date, coming: date, *, actor: Actor, now: datetime) -> int:
    plan = meetings.standing(district)
    if rules.day_of(monday, plan["weekday"], calendars.calendar()) != coming:
        return 0
    return meeting.remind(district, week, rules.moment_of(coming, plan["time"]), actor=actor, now=now)
