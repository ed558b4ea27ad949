"""Evidence for the tests, straight into the assessment or by the rooms' own acts."""
from datetime import datetime

from backend.assessment import jobs
from backend.assessment.actions import appealing, drawing_up, taking
from backend.assessment.rules import schemes
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock, sql
from backend.core.actor import Actor, system
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


def things(now):
    """One of each: a half-year, the first agent's score, a line of it, an appeal against another, a scheme."""
    tick(now)
    mine = Actor(agent_id(), "", "agent", cast.VILLAGE)
    take(said("known-1", "card_red"), said("known-2", "card_yellow"), now=now)
    first, second = (row["id"] for row in sql.plain(
        "SELECT id FROM evidence_line WHERE source_type = 'test' ORDER BY source_id LIMIT 2"))
    judge = Actor("judge", "", "supervisor", cast.DISTRICT)
    drawing_up.draw_up(from_period="2027-H1", body=schemes.DEFAULT, actor=judge, now=now)
    return {
        "period": "2026-H1", "line_id": first,
        "score_id": sql.value("SELECT standing_id FROM evidence_line WHERE id = ?", (first,)),
        "score_appeal_id": appealing.appeal(second, reason="有异议", actor=mine, now=now),
    }
