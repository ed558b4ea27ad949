"""What each room's records come to: one table of rows in, lines out; and that residents' voice shows nothing early."""
from datetime import timedelta

from backend.assessment.actions import taking
from backend.assessment.queries import sources
from backend.assessment.rules import kinds, schemes
from backend.assessment.rules.evidence import Subject
from backend.clocks.models import Card, Clock
from backend.core import sql
from backend.inspections.models import Inspection, InspectionFinding
from backend.supervision.models import NoticeAbout, SupervisionFinding, SupervisionNotice
from backend.voice.models import Complaint, Rating, VoiceLapse
from tests import cast
from tests.assessment.scored import JOB, agent_id, at, said, take, tick

NOW, OVER, NEXT = at("2026-06-01 10:00"), at("2026-07-01 00:01"), at("2027-01-01 00:01")
PLACE = {"unit_code": cast.VILLAGE, "township_code": cast.TOWNSHIP, "district_code": cast.DISTRICT}
UNIT = PLACE | {"department_code": None, "target_code": cast.VILLAGE, "target_name": "村"}


def lines():
    """Whom what was counted for, in points; a reversal in its place."""
    rows = sql.plain("SELECT s.subject_type, l.kind, l.tenths FROM evidence_line l JOIN standing s "
                     "ON s.id = l.standing_id ORDER BY s.subject_type, l.kind, l.n DESC")
    return [(row["subject_type"], row["kind"], row["tenths"] / 10) for row in rows]


def read(action, subject_id, subject_type="x"):
    """What the sources say after one entry of the ledger is taken in."""
    entry = {"action": action, "subject_type": subject_type, "subject_id": subject_id}
    for source in sources.SOURCES:
        if action in source.actions:
            taking.take(source.evidence([entry]), actor=JOB, now=NOW)


def inspected(state="published"):
    sql.insert(Inspection, id="i", state=state, **PLACE, visited_at=NOW, points=-9, inspectors=[], recorded_by="x",
               recorded_at=NOW, year=2026, number=1)
    for n, (kind, points, account) in enumerate((
        ("absence", -5, agent_id()), ("nobody_at_window", -2, None), ("premises", -2, None), ("attitude", 0, None),
        ("praise", 3, None),
    ), 1):
        sql.insert(InspectionFinding, inspection_id="i", n=n, kind=kind, text="x", points=points, account_id=account)


def test_a_published_visit_counts_with_the_points_of_its_findings(district_app):
    tick(NOW)
    inspected()
    read("inspection.publish", "i")
    assert lines() == [
        ("agent", "absent_at_inspection", -5.0), ("unit", "absent_at_inspection", -5.0),
        ("unit", "inspection_finding", -2.0), ("unit", "nobody_at_window", -2.0), ("unit", "praise", 3.0),
    ]


def given(rung, **changes):
    clock = PLACE | {"subject_type": "errand", "subject_id": "e", "kind": "promise"}
    sql.insert(Card, id=f"card-{rung}", clock_id="k", rung=rung, **clock, effective_at=NOW, detected_at=NOW,
               delivered_at=NOW, pending_at=NOW, post_code=cast.VILLAGE, post="head", state="standing", **changes)
    read("card.give", "e", "errand")


def test_the_cards_of_a_case_stay_with_whom_they_were_given_for(district_app):
    """Who takes over a late case answers for what comes; what came before is not his, nor forgiven the other."""
    tick(NOW)
    sql.insert(Clock, id="k", subject_type="errand", subject_id="e", kind="promise", unit_code=cast.VILLAGE,
               account_id=agent_id(), budget_days=7, started_at=NOW, moments={}, next_at=NOW)
    given("yellow")
    given("red")
    sql.run("UPDATE clock SET account_id = ?", (agent_id(cast.OFFICE_OF_TOWNSHIP),))
    given("district")
    text = ("SELECT a.username, l.kind, l.n FROM evidence_line l JOIN standing s ON s.id = l.standing_id "
            "JOIN account a ON a.id = s.subject_id WHERE s.subject_type = 'agent' ORDER BY l.kind DESC")
    assert [(row["username"], row["kind"], row["n"]) for row in sql.plain(text)] == [
        (cast.AGENT, "card_yellow", 1), (cast.AGENT, "card_red", 1), (cast.OFFICE_OF_TOWNSHIP, "card_district", 1),
    ]


def test_a_hidden_visit_counts_for_nothing(district_app):
    tick(NOW)
    inspected("hidden")
    read("inspection.publish", "i")
    assert lines() == []


def test_findings_on_bodies_count_until_they_are_reversed(district_app):
    tick(NOW)
    sql.insert(SupervisionFinding, id="f", **UNIT, kind="order_unanswered", source_type="order", source_id="o",
               what="x", effective_at=NOW, detected_at=NOW, state="standing")
    read("supervision_finding.make", "f")
    assert lines() == [("unit", "order_unanswered", -2.0)]
    sql.execute("UPDATE supervision_finding SET reversed_at = 1")
    read("supervision_finding.reverse", "f")
    assert lines() == [("unit", "order_unanswered", -2.0), ("unit", "order_unanswered", 2.0)]


def test_an_issued_notice_counts_for_whom_it_names(district_app):
    tick(NOW)
    sql.insert(SupervisionNotice, id="n", district_code=cast.DISTRICT, state="issued", kind="praise", title="x",
               text="x", about=[], made_by="x", made_at=NOW, number="3")
    for n, (kind, unit, department, account) in enumerate((
        ("praise", None, None, agent_id()), ("criticism", cast.VILLAGE, None, None), ("exposure", None, "MZ", None),
        ("cycle", cast.VILLAGE, None, None),
    ), 1):
        sql.insert(NoticeAbout, notice_id="n", n=n, kind=kind, district_code=cast.DISTRICT, unit_code=unit,
                   department_code=department, account_id=account, name="x", issued_at=NOW)
    read("supervision_notice.issue", "n")
    assert lines() == [("agent", "praise", 2.0), ("department", "exposure", -3.0), ("unit", "criticism", -2.0)]


def rated(levels, who, *, excluded=False, round_number=1, moment=NOW):
    for level in levels:
        count = sql.value("SELECT count(*) FROM rating")
        sql.insert(Rating, id=f"r{count}", slip_id=f"s{count}", errand_id=f"e{count}", round=round_number, level=level,
                   channel="slip", **PLACE, agent_id=who, place=count, bundle=0, rated_at=moment,
                   excluded_at=NOW if excluded else None)


def complained(complaint_id, *, upheld=True, state="closed", moment=NOW):
    sql.insert(Complaint, id=complaint_id, number=f"T{complaint_id}", state=state, channel="web", **PLACE,
               handler_code=cast.TOWNSHIP, account_id=agent_id(), received_at=NOW, began_at=NOW, answer_due_at=NOW,
               finish_due_at=NOW, order_at=NOW, stamp=1, upheld=upheld, closed_at=moment)


def test_residents_voice_counts_at_the_end_and_by_no_single_answer(district_app):
    """Five answers or none; a neighbour's single answer is not in the unit's sum either."""
    tick(NOW)
    other = sql.value("SELECT id FROM account WHERE username = ?", (cast.NEIGHBOUR_AGENT,))
    rated([1, 2, 2, 5, 5], agent_id())
    rated([1], agent_id(), excluded=True)
    rated([1], agent_id(), round_number=2)
    rated([1, 1, 1, 1], other)
    complained("a")
    complained("b", upheld=False)
    complained("c", state="concluded")
    complained("d", moment=OVER + timedelta(days=1))
    sql.insert(VoiceLapse, id="v", subject_type="complaint", subject_id="a", kind="answer", round=1,
               code=cast.TOWNSHIP, district_code=cast.DISTRICT, effective_at=NOW, detected_at=NOW)
    tick(NOW)
    assert lines() == [], "nothing shows while the half-year runs"
    assert tick(OVER) == 1
    assert lines() == [
        ("agent", "complaint_upheld", -3.0), ("agent", "rating_low", -2.0), ("agent", "rating_lowest", -2.0),
        ("unit", "complaint_upheld", -3.0), ("unit", "rating_low", -2.0), ("unit", "rating_lowest", -2.0),
        ("unit", "voice_late", -1.0),
    ]
    mine = cast.sign_in(district_app.test_client(), cast.AGENT)
    (one,) = mine.get("/assessments/2026-H1/scores").json["items"]
    shown = mine.get(f"/assessments/2026-H1/scores/{one['id']}/lines").json["items"]
    assert {(line["source"]["id"], line["source"]["note"], line["effective_at"]) for line in shown} == {
        (None, None, "2026-06-30T23:59:59+08:00")}
    assert "Ta" not in str(shown) and agent_id() not in str(shown)

    sql.execute("UPDATE rating SET excluded_at = 1 WHERE id = 'r0'")
    sql.execute("UPDATE complaint SET state = 'received' WHERE id = 'a'")
    tick(at("2026-09-01 10:00"))
    assert len(lines()) == 7, "what became of it shows with the next half-year, not on the day"
    assert tick(NEXT) == 1
    left = {}
    for subject, kind, points in lines():
        left[subject, kind] = left.get((subject, kind), 0) + points
    assert left["agent", "complaint_upheld"] == -3.0, "another one was closed since"
    assert (left["agent", "rating_lowest"], left["agent", "rating_low"]) == (0, 0), "four answers are too few"


def test_a_unit_that_is_settled_low_is_put_on_the_watch_list(district_app):
    tick(NOW)
    village = Subject("unit", cast.VILLAGE, cast.VILLAGE)
    take(*(said(f"s{n}", kind, subject=village) for n in range(20) for kind in ("card_legal", "no_one_time_notice")),
         now=NOW)
    tick(OVER)
    (entry,) = sql.plain("SELECT target_code, kind, reason FROM watch_entry")
    assert entry == {"target_code": cast.VILLAGE, "kind": "score", "reason": "2026-H1考核得40.0分"}


def test_each_kind_of_the_rooms_has_a_place_in_the_products_scheme():
    assert set(schemes.USUAL.events) == set(kinds.KINDS)
