"""The register as a workbook: what stands in it, for whom, and that it is safe to open."""
from datetime import datetime
from io import BytesIO

import openpyxl

from backend.core import clock, ledger, sheets, sql
from backend.errands.queries import register
from tests import cast
from tests.cast import errand
from tests.statements import count_statements

PATH = "/errands/export.xlsx"
COLUMNS = [
    "编号", "登记日期", "委托人", "联系电话", "住址", "办理事项", "已收材料", "首问责任人", "代办员", "应办结时间",
    "上报日期", "办结时间", "办理结果", "领取人", "回访评价", "备注", "状态", "办理机构", "纸质台账编号",
]


def book(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == sheets.MEDIA
    return openpyxl.load_workbook(BytesIO(answer.data))


def lines(answer):
    """The register's rows as dicts."""
    found = list(book(answer).worksheets[0].iter_rows(values_only=True))
    assert list(found[0]) == COLUMNS
    return [dict(zip(COLUMNS, row)) for row in found[1:]]


def closed(caller, **changes):
    case = caller.post("/errands", errand(**changes)).json
    for noun, body in (
        ("acceptance", None), ("completion", {"outcome": "granted", "result": "已批准"}),
        ("delivery", {"method": "collected", "received_by": "王桂香"}), ("closing", None),
    ):
        assert caller.put(f"/errands/{case['id']}/{noun}", body).status_code == 200
    return case


def test_the_register_has_the_usual_columns_of_a_finished_errand(agent, fixed_clock):
    case = closed(agent, note="本人行动不便")
    (line,) = lines(agent.get(PATH))
    assert line["编号"] == case["number"]
    assert line["登记日期"] == datetime(2026, 2, 12) and line["办结时间"] == datetime(2026, 2, 12, 10)
    assert line["应办结时间"] == datetime(2026, 2, 28, 17, 30)
    assert line["办理事项"] == "临时救助" and line["已收材料"] == "申请书；户口簿；身份证；困难情形证明"
    assert line["办理结果"] == "准予：已批准" and line["领取人"] == "王桂香" and line["状态"] == "已归档"
    assert line["备注"] == "本人行动不便" and "百花" in line["办理机构"]


def test_it_opens_with_a_frozen_heading_a_filter_and_real_dates(agent):
    agent.post("/errands", errand())
    made = book(agent.get(PATH))
    sheet = made.worksheets[0]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:S2"
    assert sheet["B2"].is_date and sheet["B2"].number_format == "yyyy\\-mm\\-dd"
    assert sheet.column_dimensions["A"].width > 20
    about = dict(made["说明"].iter_rows(min_row=2, values_only=True))
    assert about["件数"] == 1 and "脱敏" in about["个人信息"]


def test_phone_and_address_are_masked_for_every_role_and_no_id_number_is_there(agent, township, admin, district_app):
    agent.post("/errands", errand())
    others = [cast.sign_in(district_app.test_client(), who) for who in ("office", "supervisor")]
    for caller in (agent, township, admin, *others):
        made = book(caller.get(PATH))
        assert [made.worksheets[0][place].value for place in ("D2", "E2")] == ["138****1234", "百花社****"]
        told = "".join(str(cell) for sheet in made for row in sheet.iter_rows(values_only=True) for cell in row)
        assert "13805761234" not in told and cast.id_number(1)[6:14] not in told and "3幢" not in told


def test_no_text_of_an_errand_becomes_a_live_formula(agent):
    case = agent.post("/errands", errand(note="=HYPERLINK(1)")).json
    sql.execute("UPDATE errand SET received_by = '@SUM(A1)' WHERE id = ?", (case["id"],))
    sheet = book(agent.get(PATH)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert (sheet["P2"].value, sheet["N2"].value) == ("=HYPERLINK(1)", "@SUM(A1)")
    assert sheet["P2"].quotePrefix and sheet["N2"].quotePrefix


def test_a_neighbours_rows_are_never_there(agent, neighbour, township, operator, district_app):
    own, other = agent.post("/errands", errand()).json, neighbour.post("/errands", errand()).json
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert [line["编号"] for line in lines(agent.get(PATH))] == [own["number"]]
    assert {line["编号"] for line in lines(township.get(PATH))} == {own["number"], other["number"]}
    assert lines(operator.get(PATH)) == lines(far.get(PATH)) == []
    assert lines(cast.sign_in(district_app.test_client(), cast.HANDLER).get(PATH)) == []
    for asked in (cast.NEIGHBOUR, "331003999999"):
        assert lines(agent.get(f"{PATH}?unit_code={asked}")) == []
    assert lines(agent.get(f"{PATH}?unit_code={cast.NEIGHBOUR}&unit_code={cast.VILLAGE}"))[0]["编号"] == own["number"]
    project = cast.sign_in(district_app.test_client(), "project-agent").get(PATH)
    assert project.status_code == 403


def test_filters_are_days_of_receipt_states_and_units(agent, township, fixed_clock):
    first = agent.post("/errands", errand()).json["number"]
    fixed_clock.advance(days=1)
    second = closed(agent)["number"]

    def numbers(query):
        return [line["编号"] for line in lines(township.get(f"{PATH}?{query}"))]

    assert numbers("") == numbers("state=all") == numbers(f"unit_code={cast.VILLAGE}") == [first, second]
    assert numbers("from=2026-02-13") == numbers("state=closed") == [second]
    assert numbers("to=2026-02-12") == numbers("state=registered&state=accepted") == [first]
    assert numbers("from=2026-02-12&to=2026-02-13") == [first, second]
    assert numbers("from=2026-02-14") == []
    assert list(township.get(f"{PATH}?from=2026-02-13&to=2026-02-12").json["errors"]) == ["to"]


def test_each_export_is_in_the_ledger_with_its_filters_and_rows(agent):
    agent.post("/errands", errand())
    answer = agent.get(f"{PATH}?state=registered&from=2026-02-01")
    (entry,) = ledger.history("register", cast.VILLAGE)
    assert (entry["action"], entry["role"]) == ("register.export", "agent")
    assert entry["detail"] == {
        "rows": 1, "unit_code": [], "state": ["registered"], "from": "2026-02-01", "to": None,
    }
    assert answer.headers["Ledger-Receipt"].split(".")[0] == str(entry["seq"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="register-20260212.xlsx"'
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_batches_follow_one_another_without_gap_and_with_few_statements(agent, township, neighbour, monkeypatch):
    made = [caller.post("/errands", errand()).json["number"] for caller in (agent, neighbour) for _ in range(4)]
    monkeypatch.setattr(register, "BATCH", 3)
    with count_statements() as seen:
        found = [line["编号"] for line in lines(township.get(PATH))]
    assert sorted(found) == sorted(made) and found[:4] == [one for one in found if one[3:6] == "001"]
    reading = [text for text in seen if "errand_material" in text or "paper_errand" in text]
    assert len(reading) == 2 * 3, seen
    assert len(seen) < 30


def test_too_large_a_register_is_refused_before_it_is_read(agent, monkeypatch):
    monkeypatch.setattr(register, "MOST_ROWS", 1)
    for _ in range(2):
        agent.post("/errands", errand())
    answer = agent.get(PATH)
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["from"]
    assert ledger.history("register", cast.VILLAGE) == []


def test_only_so_many_are_made_at_once(agent):
    with sheets.turn(), sheets.turn():
        answer = agent.get(PATH)
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert agent.get(PATH).status_code == 200


def test_nothing_of_it_is_left_on_disk(agent, tmp_path):
    before = sorted(tmp_path.iterdir())
    agent.get(PATH)
    assert sorted(tmp_path.iterdir()) == before


def test_what_was_finished_is_shown_on_the_local_clock(agent, fixed_clock):
    fixed_clock.at = clock.at_local(fixed_clock.now().date(), 23, 59)
    agent.post("/errands", errand())
    assert lines(agent.get(PATH))[0]["登记日期"] == datetime(2026, 2, 12)


def test_the_day_of_sending_up_is_that_of_the_first_forwarding_not_recalled(agent, fixed_clock):
    """A village's hand-in counts where no department was reached yet."""
    case = agent.post("/errands", errand()).json
    handed = agent.post("/errands", errand(item_code="AJ-001", materials=[])).json
    agent.put(f"/errands/{case['id']}/acceptance")
    agent.post(f"/errands/{case['id']}/forwardings", {"department_code": "MZ"})
    agent.put(f"/errands/{case['id']}/forwardings/1/recall", {"reason": "转错"})
    assert [line["上报日期"] for line in lines(agent.get(PATH))] == [None, None]
    fixed_clock.set("2026-02-13 09:00")
    agent = cast.sign_in(agent.client, cast.AGENT)
    agent.post(f"/errands/{case['id']}/forwardings", {"department_code": "MZ"})
    agent.put(f"/errands/{handed['id']}/hand-in")
    assert [line["上报日期"] for line in lines(agent.get(PATH))] == [datetime(2026, 2, 13)] * 2
