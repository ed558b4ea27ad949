"""What everybody may see: the directory, and a month told once, when it is over."""
from datetime import timedelta

import pytest

from backend.core import clock, ids, ledger, sql
from backend.core.actor import system
from backend.disclosure.actions import publishing
from backend.disclosure.jobs import tell_months
from backend.disclosure.rules import months
from backend.errands.models import Errand
from backend.projects.models import DeemedConsent
from backend.reports.rules.bulletins import sha256
from backend.voice.models import Rating, RatingSlip
from tests import cast
from tests.statements import count_statements

WHO = system("test")


@pytest.mark.parametrize(("now", "latest"), (
    ("2026-03-01T05:59:00+08:00", "2026-01"), ("2026-03-01T06:00:00+08:00", "2026-02"),
    ("2026-01-01T06:00:00+08:00", "2025-12"), ("2026-03-31T23:00:00+08:00", "2026-02"),
))
def test_a_month_is_told_from_six_of_the_day_after_it(now, latest):
    assert months.latest_over(clock.datetime.fromisoformat(now)) == latest


def finish(person, now, *, late=False, township=cast.TOWNSHIP, item="MZ-003"):
    """An errand accepted nine days ago and finished now."""
    errand_id = ids.new(now)
    accepted = now - timedelta(days=9)
    sql.insert(
        Errand, id=errand_id, number=errand_id[-30:], state="completed", outcome="granted", item_code=item,
        item_number=1, unit_code=township, township_code=township, district_code=cast.DISTRICT, resident_id=person,
        channel="counter", first_receiver_id="a", agent_id="a", mandate_given_by="voice",
        mandate_expires_on="2027-01-01", received_at=accepted, accepted_at=accepted, finished_at=now,
        due_at=now + timedelta(days=-1 if late else 1),
        order_at=now, acted_at=now, version=1, quantity=1, trips=1, paid_fen=0, forwardings=0, handovers=0, stops=0,
        provisional=False,
    )
    return errand_id


def rate(errand_id, person, level, now):
    sql.insert(RatingSlip, id=errand_id, errand_id=errand_id, round=1, state="used", channel="slip", version=1,
               token_hash=errand_id, resident_id=person, unit_code=cast.TOWNSHIP, agent_id="a", made_by="o",
               made_at=now, expires_at=now)
    sql.insert(Rating, id=errand_id, slip_id=errand_id, errand_id=errand_id, round=1, level=level, channel="slip",
               unit_code=cast.TOWNSHIP, township_code=cast.TOWNSHIP, district_code=cast.DISTRICT, agent_id="a", place=1,
               bundle=0, rated_at=now, version=1)


def test_a_month_is_told_once_with_what_five_persons_hide(district_app, stranger, fixed_clock):
    now = fixed_clock.set("2026-03-12 10:00")
    made = [finish(f"p{n}", now, late=n < 5) for n in range(12)]
    for n in range(3):
        finish(f"q{n}", now, township=cast.FAR_TOWNSHIP, item="RS-005")
    for errand_id, level in zip(made, (5, 5, 5, 4, 3, 5)):
        rate(errand_id, f"p{made.index(errand_id)}", level, now)
    sql.insert(DeemedConsent, id="d", procedure_id="p", project_id="j", n=1, kind="deemed_by_timeout", version=1,
               department_code="MZ", district_code=cast.DISTRICT, effective_at=now, detected_at=now, notice_number="1",
               notice_on=now.date(), opinion_due_at=now)
    fixed_clock.set("2026-04-01 05:00")
    assert tell_months(actor=WHO, now=fixed_clock.now()) == 0
    assert stranger.get("/disclosures/figures/2026-03").status_code == 404, "no preview: it could be compared"
    assert "还没有公布过" in stranger.client.get("/open/figures").text
    now = fixed_clock.set("2026-04-01 06:00")
    assert tell_months(actor=WHO, now=now) == 1 and tell_months(actor=WHO, now=now) == 0
    answer = stranger.get("/disclosures/figures/2026-03")
    body = answer.json
    assert {name: body["total"][name] for name in body["total"] if name != "speed_up_percent"} == {
        "finished": 15, "average_working_days": 7.0, "overdue": 5, "trips_per_errand": 1.0, "rated": 6,
        "content_percent": 100.0,
    }
    (line,) = body["townships"]
    assert (line["code"], line["name"], line["finished"]) == (None, "合并公布：2 个乡镇街道", 15)
    assert body["deemed_consents"]["total"] == 1 and body["deemed_consents"]["departments"][0]["name"] == "民政局"
    finish("late", now - timedelta(days=15))
    assert publishing.publish(cast.DISTRICT, "2026-03", actor=WHO, now=now) is None
    raw = stranger.get("/disclosures/figures/2026-03.json")
    assert sha256(raw.text) == body["content_sha256"]
    (entry,) = ledger.history("figures", f"2026-03/{cast.DISTRICT}")
    assert entry["detail"] == {"content_sha256": body["content_sha256"]}
    with count_statements() as count:
        assert stranger.get("/disclosures/figures").json["items"][0]["total"]["overdue"] == 5
    assert len(count) <= 3
    held = {"If-None-Match": answer.headers["ETag"]}
    assert stranger.get("/disclosures/figures/2026-03", headers=held).status_code == 304
    for kind in ("UPDATE open_figures SET body = ''", "DELETE FROM open_figures"):
        with pytest.raises(Exception, match="never changes"):
            sql.execute(kind)
    pages = {path: stranger.client.get(path) for path in (
        "/open", "/open/offices", f"/open/offices?unit_code={cast.TOWNSHIP}", "/open/bulletins", "/open/figures",
        "/open/figures/2026-03",
    )}
    assert {page.status_code for page in pages.values()} == {200}
    assert all(text in pages["/open/figures/2026-03"].text for text in ("合并公布：2 个乡镇街道", "未公布"))
    assert "百花社区" in pages[f"/open/offices?unit_code={cast.TOWNSHIP}"].text
    assert "百花社区" not in pages["/open/offices"].text
    for path in ("/open/figures/2026-02", "/open/figures/x", "/open/offices?unit_code=1", "/open/figures?x=1"):
        assert stranger.client.get(path).status_code == 404
    for entry in stranger.get("/disclosures").json["items"]:
        for address in (entry["page"], entry["href"]):
            assert address is None or stranger.client.get(address).status_code in (200, 405, 422), address
