"""A hidden visit changes nothing for the inspected unit: no list, count, ETag, export, file, feed, notice, figure."""

from backend import scheduler
from backend.core import sql
from backend.core.actor import system
from tests import cast, leaks
from tests.guards.test_who_may import names  # noqa: F401
from tests.inspections import calls

LISTS = (
    "/inspections?state=all", "/inspections?state=hidden", "/inspections?limit=1", "/accounts?role=supervisor",
    f"/inspections?unit_code={cast.VILLAGE}", f"/inspections?unit_code={cast.DISTRICT}&state=all",
    "/inspections/export.xlsx?from=2026-01-01", "/me/notices", "/outbox?state=all", "/call-tasks", "/findings",
    "/off-hours-work?from=2026-01-01", "/surveys?state=all", f"/units/{cast.VILLAGE}/on-duty",
)


def run_jobs(now):
    for job in (*scheduler.FIRST, *scheduler.EACH_MINUTE, *scheduler.NOW_AND_THEN):
        job.work(actor=system(job.name), now=now)


def hide(supervisor, unit_code):
    """A plan, a visit with a photo that is amended, another one that is withdrawn; the sha256 of the photo."""
    photo = calls.photo(supervisor)
    plan = supervisor.post("/inspection-plans", {"unit_code": unit_code, "planned_on": "2026-02-13"}).json["id"]
    finding = {"text": "窗口无人", "points": -2, "photos": [photo["id"]]}
    visit = calls.recorded(supervisor, unit_code=unit_code, findings=[finding], plan_id=plan)
    body = {"visited_at": visit["visited_at"], "findings": [finding, {"text": "迟到", "points": -1}]}
    assert supervisor.put(f"/inspections/{visit['id']}", body).status_code == 200
    gone = calls.recorded(supervisor, unit_code=unit_code)
    assert supervisor.put(f"/inspections/{gone['id']}/withdrawal", {"reason": "重复"}).status_code == 200
    return visit["id"], photo["sha256"]


def test_no_address_answers_the_inspected_unit_otherwise_while_a_visit_is_hidden(district_app, names, fixed_clock):  # noqa: F811
    """Byte for byte, headers too; hidden and absent things are refused alike. The centre's own: its admin's."""
    who = (cast.AGENT, cast.OFFICE_OF_TOWNSHIP, "admin", "office", "supervisor")
    agent, township, admin, office, supervisor = (cast.sign_in(district_app.test_client(), each) for each in who)
    names = names | {"inspection_id": calls.published(supervisor)["id"]}
    run_jobs(fixed_clock.now())
    village = {"agent": agent, "township": township}
    before = leaks.walk(district_app, village | {"admin": admin}, names, LISTS)
    assert len(before) > 3 * 100 and {200, 403, 404} <= {status for status, _, _ in before.values()}
    own, own_photo = hide(supervisor, cast.DISTRICT)
    after = leaks.walk(district_app, {"admin": admin}, names, LISTS)
    assert leaks.differing(before, after) == []
    hidden, photo = hide(supervisor, cast.VILLAGE)
    run_jobs(fixed_clock.now())
    after = leaks.walk(district_app, village, names, LISTS)
    assert leaks.differing(before, after) == []
    assert supervisor.get(f"/inspections/{hidden}").status_code == 200
    for caller in (agent, township, office):
        for visit, sha256 in ((own, own_photo), (hidden, photo)):
            assert refusals(caller, visit, sha256) == refusals(caller, "0" * 36, "0" * 64)
    assert refusals(admin, own, own_photo) == refusals(admin, "0" * 36, "0" * 64)
    assert "/api/v1/inspection" not in district_app.test_client().get("/metrics").text
    entries = sql.plain("SELECT action, scope FROM ledger_entry WHERE subject_type LIKE 'inspection%'")
    assert {each["scope"] for each in entries if each["action"] != "inspection.publish"} == {""}


def refusals(caller, visit, sha256):
    """What is answered at the addresses of a visit and its photo, with what was asked for taken out."""
    paths = (f"/inspections/{visit}", f"/inspections/{visit}/photos/{sha256}", f"/files/{sha256}")
    answers = [caller.get(path) for path in paths]
    return [(answer.status_code, answer.headers.get("ETag"), answer.json | {"instance": ""}) for answer in answers]
