"""Townships that file, for the tests: straight through the actions."""
from datetime import datetime

from backend.core import clock, sql
from backend.core.actor import Actor, Call
from backend.org.models import Level, Status, Unit
from backend.reports import jobs
from backend.reports.actions import drafting, filing
from backend.reports.queries import obligations
from tests import cast

JOB = Actor(id="system:test", name="test", role="system")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def clerk(code, **call):
    """The office of a township, as it is signed in."""
    account = sql.value("SELECT id FROM account WHERE username = ?", (f"township-{code}",))
    return Actor(id=account or code, name=code, role="township", unit_code=code, call=Call(**call))


def townships(count):
    """So many townships of the sample district, more than it has where need be."""
    have = [row["code"] for row in sql.plain("SELECT code FROM unit WHERE level = 'township' ORDER BY code")]
    for number in range(count - len(have)):
        code = f"331003{800 + number}000"
        sql.insert(Unit, code=code, name=f"新乡{number}", level=Level.TOWNSHIP, parent_code=cast.DISTRICT,
                   pinyin="x", initials="x", status=Status.PLANNED)
        have.append(code)
    return have


def file(code, week, now, plan="抓紧施工", **said):
    """Save a plan (and what else is said) and file it."""
    drafting.save(week, code, given={"plan": plan, **said}, actor=clerk(code), now=now)
    return filing.file(week, code, actor=clerk(code), now=now)


def tick(now):
    """One pass of both jobs."""
    jobs.remind(actor=JOB, now=now)
    return jobs.fall_due(actor=JOB, now=now)


def figures(week):
    """What the bulletin will count: expected, received, in time, and who is missing or late."""
    owed = obligations.owed(cast.DISTRICT, week)
    received = [one for one in owed if one["filed_at"] is not None]
    return {
        "expected": len(owed), "received": len(received), "on_time": sum(one["on_time"] for one in received),
        "missing": [one["unit_code"] for one in owed if one["filed_at"] is None],
        "late": [one["unit_code"] for one in received if not one["on_time"]],
    }


def notices(template):
    """Whom a notice went to, by the subject it is about, in the order in which they were written."""
    return sql.rows(
        "SELECT a.username, n.subject_id, n.made_at, n.next_at FROM notice n JOIN account a ON a.id = n.recipient_id "
        "WHERE n.template = ? ORDER BY n.made_at, n.subject_id", (template,),
    )
