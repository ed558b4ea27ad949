"""What a report must say, and how it must agree with the register (rules 7.2), one refusal at a time."""
from datetime import date

import pytest

from backend.core.problems import Invalid
from backend.reports.rules import checklists, filing, hints, sites, targets
from backend.reports.rules.filing import Ground

VILLAGE, CENTRE = "331003001001", "331003001000"
LISTS = {level: checklists.SAMPLES[level] for level in targets.LEVELS}
ALL_PASSED = dict.fromkeys(LISTS["village"].codes, True)


def site(code=VILLAGE, **said):
    row = dict.fromkeys((*sites.KEPT, "site_type", "checklist_number", "version"))
    level = "township" if code.endswith("000") else "village"
    return sites.entry(row | {"unit_code": code, "name": "百花社区", "level": level, "status": "planned"} | said)


def ground(*entries, **more):
    found = {"designated": False, "today": date(2026, 9, 22), "departments": {"MZ": "MZ", "民政局": "MZ"}} | more
    return Ground({one["unit_code"]: one for one in entries}, LISTS, **found)


def errors(said, *entries, plan="抓紧", problems=(), **more):
    """What a report is refused for that says this of the village, where the register has these entries."""
    held = ground(*(entries or (site(),)), **more)
    body = {"sites": [{"unit_code": VILLAGE, **said}], "plan": plan, "problems": list(problems)}
    try:
        filing.check(body, filing.whole(body, held), held)
    except Invalid as refused:
        return {name: told[0].zh for name, told in refused.errors.items()}
    return {}


BUILDING = {"status": "building", "percent": 60, "stage": "装修", "readiness": {"room": True}}
BUILT = {"status": "built", "percent": 100, "stage": "建成", "readiness": ALL_PASSED}


@pytest.mark.parametrize(("said", "register", "field", "told"), (
    ({"percent": 101}, {}, "percent", "进度须在 0 到 100 之间"),
    ({"readiness": {"pool": True}}, {}, "readiness", "清单中没有 pool"),
    ({"onboarded": {"XX": 3}}, {}, "onboarded", "没有部门 XX"),
    ({"percent": 59}, BUILDING, "percent", "进度由 60% 降为 59%"),
    ({"status": "building"}, BUILT | {"readiness": {}}, "status", "状态由“已建成”退为“建设中”"),
    ({"readiness": {"room": False}}, BUILDING, "readiness", "不再达标：一间代办室（点）"),
    ({"status": "built", "percent": 100}, BUILDING, "status", "清单未全部达标，不能填“已建成”"),
    ({"status": "built", "percent": 90, "readiness": ALL_PASSED}, BUILDING, "percent", "已建成的站点进度应为 100%"),
    ({"status": "building", "reason": "漏雨"}, BUILT, "readiness", "清单仍全部达标"),
    ({"agents_in_place": 1, "agents_trained": 2}, {}, "agents_trained", "已培训人数不得多于到位人数"),
))
def test_a_refusal_names_the_field_and_the_site(said, register, field, told):
    found = errors(said, site(**register))
    assert f"sites.0.{field}" in found, found
    assert found[f"sites.0.{field}"].startswith(f"百花社区：{told}")


@pytest.mark.parametrize(("said", "register"), (
    ({}, {}), ({}, BUILDING), ({}, BUILT), ({}, {"status": "built"}),
    ({"percent": 70, "agents_in_place": 2, "spent_fen": 500}, BUILDING),
    ({"percent": 50, "reason": "返工"}, BUILDING),
    ({"readiness": ALL_PASSED, "status": "built", "percent": 100}, BUILDING),
    ({"readiness": ALL_PASSED}, BUILDING),
    ({"status": "building", "percent": 80, "readiness": {"room": False}, "reason": "漏雨"}, BUILT),
))
def test_what_can_be_filed(said, register):
    assert errors(said, site(**register)) == {}


def test_a_designated_agent_counts_where_the_setting_says_so_and_somebody_is_there():
    one = site(site_type="designated_agent")
    said = {"status": "built", "percent": 100}
    assert list(errors(said, one)) == ["sites.0.status"]
    assert list(errors(said, one, designated=True)) == ["sites.0.agents_in_place"]
    assert errors(said | {"agents_in_place": 1}, one, designated=True) == {}
    assert list(errors(said | {"agents_in_place": 1}, site(), designated=True)) == ["sites.0.status"]


def test_foreign_and_repeated_sites_are_refused_whole():
    held = ground(site())
    with pytest.raises(Invalid) as refused:
        filing.check_draft({"sites": [{"unit_code": VILLAGE}, {"unit_code": VILLAGE}, {"unit_code": "9" * 12}]}, held)
    assert {name: told[0].zh for name, told in refused.value.errors.items()} == {
        "sites.1.unit_code": "百花社区：此站点出现两次", "sites.2.unit_code": "不是本乡镇（街道）在册的站点",
    }


@pytest.mark.parametrize(("body", "field"), (
    ({}, "plan"), ({"plan": "  "}, "plan"), ({"plan": "抓紧", "sites": []}, "sites"), ({"sites": []}, "plan"),
))
def test_an_empty_report_is_refused(body, field):
    held = ground(site())
    with pytest.raises(Invalid) as refused:
        filing.check(body, filing.whole(body, held), held)
    assert field in refused.value.errors


@pytest.mark.parametrize(("problem", "refused"), (
    ({"text": "缺电脑", "asked_of": "民政局", "due_on": "2026-09-30"}, None),
    ({"text": "缺电脑", "asked_of": "MZ", "due_on": "2026-09-22"}, None),
    ({"text": "缺电脑", "asked_of": "龙王庙", "due_on": "2026-09-30"}, "asked_of"),
    ({"text": "缺电脑", "asked_of": "MZ", "due_on": "2026-09-21"}, "due_on"),
    ({"text": "缺电脑", "asked_of": "MZ", "due_on": None}, "due_on"),
))
def test_a_problem_names_a_department_and_a_date(problem, refused):
    assert list(errors({}, problems=[problem])) == ([f"problems.0.{refused}"] if refused else [])


def test_a_problem_that_was_raised_may_be_past_its_date():
    raised = {"text": "缺电脑", "asked_of": "MZ", "due_on": "2026-09-01"}
    assert errors({}, problems=[raised], opened=frozenset({("缺电脑", "MZ")})) == {}


def test_an_older_week_is_not_held_against_the_register_of_today():
    assert errors({"percent": 10}, site(**BUILDING), newest=False) == {}


def test_what_passes_all_of_its_checklist_is_built_and_what_is_begun_is_building():
    lists = LISTS["village"]
    assert sites.settled(site(percent=70, readiness=ALL_PASSED), lists)["status"] == "built"
    assert sites.settled(site(percent=70, readiness=ALL_PASSED), lists)["percent"] == 100
    assert sites.settled(site(percent=10), lists)["status"] == "building"
    assert sites.settled(site(), lists)["status"] == "planned"


@pytest.mark.parametrize(("said", "stage"), (
    ({}, "未开工"), ({"percent": 10, "stage": "未开工"}, "建设中"), ({"readiness": ALL_PASSED}, "已建成"),
    (BUILDING, "装修"),
    ({"status": "built", "stage": "未开工"}, "已建成"), ({"percent": 10, "stage": "选址"}, "选址"),
))
def test_the_stage_follows_the_status_until_somebody_says_more(said, stage):
    assert sites.settled(site(**said), LISTS["village"])["stage"] == stage


def test_an_item_that_is_not_named_stays_as_it_was():
    after = sites.overlaid(site(**BUILDING), {"readiness": {"desk": True}, "percent": 70})
    assert after["readiness"] == {"room": True, "desk": True} and after["stage"] == "装修"
    assert sites.changed(site(**BUILDING), after) == ["percent", "readiness"]


def test_hints_say_first_what_must_be_said():
    held = ground(site(**BUILDING, planned_fen=100, spent_fen=200), site(CENTRE, status="built"))
    entries = filing.whole({}, held)
    goals = targets.usual(2026)
    found = hints.of({}, entries, held, goals)
    assert (found[0].field, found[0].required) == ("plan", True)
    told = [hint.told.zh for hint in found if not hint.required]
    assert told[0] == "离村居社区目标日还有 39 天，还有 1 个站点未建成"
    assert "百花社区：已用资金超过计划，请核对" in told and "百花社区：已建成，还没有代办员到位" in told


@pytest.mark.parametrize(("built", "planned", "rate"), (
    (0, 0, None), (0, 3, 0.0), (1, 3, 33.3), (2, 3, 66.7), (3, 3, 100.0), (1, 8, 12.5), (9999, 10000, 99.9),
    (1, 2000, 0.1), (1, 2001, 0.0),
))
def test_a_rate_has_one_decimal_and_is_whole_only_when_all_is_built(built, planned, rate):
    assert targets.rate(built, planned) == rate


def test_the_checklist_in_force_is_the_latest_that_is_valid():
    def version(number, valid_from):
        return checklists.Checklist("village", number, date.fromisoformat(valid_from), (("a", "甲"),), False)

    own = (version(2, "2026-03-01"), version(3, "2026-09-01"))
    numbers = [checklists.in_force("village", own, date.fromisoformat(day)).number
               for day in ("2026-02-28", "2026-03-01", "2026-12-01")]
    assert numbers == [1, 2, 3]
    assert checklists.in_force("township", own, date(2026, 12, 1)).sample


def test_a_draft_forgets_a_site_that_left_office_and_an_item_that_the_checklist_no_longer_has():
    said = {"unit_code": VILLAGE, "readiness": {"room": True, "pool": True}}
    body = {"sites": [{"unit_code": "331003001009", "percent": 30}, said], "plan": "抓紧"}
    assert filing.still(body, ground(site())) == {
        "sites": [{"unit_code": VILLAGE, "readiness": {"room": True}}], "plan": "抓紧",
    }
    assert filing.still({"sites": body["sites"][:1], "plan": "抓紧"}, ground(site())) == {"plan": "抓紧"}
    assert filing.still({"sites": []}, ground(site())) == {"sites": []}
