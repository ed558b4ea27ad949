"""Evidence for the tests, straight into the assessment or by the rooms' own acts."""
from datetime import datetime

from backend.assessment import jobs
from backend.assessment.actions import taking
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock, sql
from backend.core.actor import system
from tests import cast

JOB = system("test")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def tick(now):
    """One pass of the jobs that count, in the timetable's order; how many half-years were settled."""
    jobs.take_evidence(actor=JOB, now=now)
    return jobs.settle_assessments(actor=JOB, now=now)


def tell(now, standing_id):
    """Tell one of his score, and nobody else: a district is some 1,200 notices."""
    sql.execute("UPDATE standing SET tell_at = NULL WHERE id <> ?", (standing_id,))
    return jobs.tell_scores(actor=JOB, now=now)


def agent_id(username=cast.AGENT):
    return sql.value("SELECT id FROM account WHERE username = ?", (username,))


def said(source_id, *kinds, subject=None, effective_at=None, source_type="test"):
    """What a source says of the first agent, or of somebody else."""
    subject = subject or Subject("agent", agent_id(), cast.VILLAGE)
    wanted = tuple(Wanted(kind, subject) for kind in kinds)
    return Evidence(source_type, source_id, effective_at or at("2026-02-12 09:00"), wanted, "note")


def take(*ones, now):
    return taking.take(list(ones), actor=JOB, now=now)


def score(caller, period="2026-H1", subject="agent", **more):
    """The one score of a kind that a caller sees."""
    query = "&".join(f"{name}={value}" for name, value in {"subject": subject, **more}.items())
    answer = caller.get(f"/assessments/{period}/scores?{query}")
    assert answer.status_code == 200, answer.json
    (found,) = answer.json["items"]
    return found
