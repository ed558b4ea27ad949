"""After a resident's data were erased her errands stay readable, and tell nothing of her."""
from datetime import timedelta

import pytest

from backend.core import db, erasure, ledger, sql, verification
from backend.core.actor import system
from backend.core.problems import NotFound
from backend.errands.actions import erasing
from backend.notifications import jobs
from backend.notifications.queries import outbox
from tests import cast
from tests.errands.test_story import completed, path, registered

COLUMNS = ("name", "pinyin", "initials", "id_number_sealed", "id_number_index", "phone_sealed", "phone_index",
           "address_sealed")


def test_an_errand_of_an_erased_resident_is_still_read_and_worked(agent, stranger, township, fixed_clock):
    case = completed(agent)
    resident = case["resident"]["id"]
    seqs = [entry["seq"] for subject in (("errand", case["id"]), ("resident", resident))
            for entry in ledger.history(*subject)]
    now = fixed_clock.now() + timedelta(minutes=1)
    cells = [erasure.Cells("resident", resident, COLUMNS)]
    erasure.erase_details(seqs, cells=cells, reason="应本人要求", actor=system("test"), now=now)
    shown = agent.get(path(case)).json
    assert shown["resident"] == {"id": resident, "name": "", "id_number": None, "phone": None}
    assert [item["id"] for item in township.get("/errands").json["items"]] == [case["id"]]
    assert {event["detail"] is None for event in agent.get(path(case, "events")).json["items"]} == {True}
    for digits in ({"phone_last4": "1234"}, {"id_last4": cast.id_number(1)[-4:]}):
        assert stranger.post("/progress", {"number": case["number"], **digits}).status_code == 404
    assert agent.put(path(case, "delivery"), {"method": "brought", "received_by": "本人"}).status_code == 200
    assert agent.put(path(case, "closing")).status_code == 200
    assert verification.verify().code == 0


SECRET = "王桂香私事"
REFERRAL = {"where": SECRET, "phone": "0576-85111111", "bring": [SECRET]}


def full_story(agent, township, admin):
    """Errands of one resident whose every free text says something of her."""
    said = {"reason": SECRET}
    case = completed(agent, note=SECRET)
    sent(township.post(path(case, "reversals"), said))
    sent(agent.post(path(case, "notes"), {"text": SECRET}))
    sent(agent.post(path(case, "trips"), {"made_on": "2026-02-12", "where": SECRET}))
    sent(agent.post(path(case, "suspensions"), {"reason": "hearing", "notice": SECRET}))
    task = agent.get("/call-tasks").json["items"][0]
    sent(agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": False, "note": SECRET}))
    sent(agent.put(path(case, "suspensions/current/end"), {"mode": "resume"}))
    receiver = township.get("/me").json["id"]
    sent(agent.post(path(case, "handovers"), {"to_account_id": receiver} | said))
    sent(agent.post(path(case, "forwardings"), {"department_code": "MZ", "note": SECRET}))
    sent(township.put(path(case, "forwardings/1/recall"), said))
    sent(agent.put(path(case, "completion"), {"outcome": "refused", "result": SECRET} | said))
    sent(agent.put(path(case, "delivery"), {"method": "posted", "received_by": SECRET}))
    other = registered(agent, materials=[])
    missing = [{"name": paper["name"], "note": SECRET} for paper in other["materials"]]
    sent(agent.post(path(other, "supplement-notices"), {"missing": missing}))
    sent(agent.put(path(other, "declination"), {"referral": REFERRAL} | said))
    return case, other


def sent(answer):
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    return answer.json


def everything():
    """All that stands in the database, unsealed where it can be, as one text."""
    found = []
    for model in db.Row.__subclasses__():
        if not model.__module__.startswith("backend."):
            continue
        table = model._meta.table_name
        found += [f"{table} {row}" for row in sql.plain(f'SELECT * FROM "{table}"')] if table != "pinyin" else []
    found += [str(entry["detail"]) for (kind, subject) in sql.execute(
        "SELECT DISTINCT subject_type, subject_id FROM ledger_entry WHERE subject_type <> 'erasure'"
    ).fetchall() for entry in ledger.history(kind, subject)]
    found += [outbox.wording(row) for row in sql.rows("SELECT * FROM notice")]
    return "\n".join(found)


def test_nothing_that_was_said_of_an_erased_resident_is_left(agent, township, admin, fixed_clock):
    case, other = full_story(agent, township, admin)
    assert everything().count(SECRET) > 20
    now = fixed_clock.now() + timedelta(minutes=1)
    asked = {"reason": "应本人要求", "actor": system("test"), "now": now}
    assert erasing.erase(case["resident"]["id"], **asked) > 10
    left = everything()
    assert [line[:300] for line in left.splitlines() if SECRET in line or "王桂香" in line] == []
    assert "138****1234" not in str(township.get("/errands?state=all").json)
    kept = "audience = 'resident' AND (address_sealed IS NOT NULL OR values_sealed IS NOT NULL)"
    assert sql.value(f"SELECT count(*) FROM notice WHERE {kept}") == 0
    assert erasing.erase(case["resident"]["id"], **asked) == 0
    assert verification.verify().code == 0


def test_all_pages_of_an_erased_residents_errands_still_answer(agent, township, admin, fixed_clock):
    case, other = full_story(agent, township, admin)
    erasing.erase(case["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now())
    for errand in (case, other):
        for noun in ("", "events", "clock", "notes", "trips", "supplement-notices", "suspensions", "handovers",
                     "forwardings", "slip", "mandate.html", "decision.html"):
            assert agent.get(path(errand, noun)).status_code == 200, noun
    for page in ("/refusals", "/findings", "/call-tasks?state=all", "/errands?state=all", "/cards"):
        assert township.get(page).status_code == 200, page
    assert sent(admin.get("/outbox?state=all"))["items"]
    assert agent.get(path(other, "supplement-notices/1.html")).status_code in (200, 404)


def test_a_notice_that_still_waits_dies_with_the_resident_and_nobody_rings(agent, fixed_clock):
    case = completed(agent)
    erasing.erase(case["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now())
    jobs.send(actor=system("test"), now=fixed_clock.now())
    assert sql.execute("SELECT DISTINCT state, trouble FROM notice").fetchall() == [("dead", "erased")]
    assert agent.get("/call-tasks").json["items"] == []


def test_only_the_resident_asked_for_is_erased(agent, fixed_clock):
    case = completed(agent)
    other = completed(agent, resident={"name": "赵小兰", "id_number": cast.id_number(2), "phone": "13805760000"})
    erasing.erase(case["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now())
    shown = agent.get(path(other)).json
    assert (shown["resident"]["name"], shown["result"]) == ("赵小兰", "批准临时救助2000元")
    assert "赵小兰" in everything() and "13805760000"[-4:] in str(shown)
    with pytest.raises(NotFound):
        erasing.erase("nobody", reason="", actor=system("test"), now=fixed_clock.now())
