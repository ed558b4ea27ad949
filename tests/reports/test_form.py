"""The Excel form: handed out prefilled, taken in whole or not at all, each fault with its line (issue 5.2)."""
from io import BytesIO

import openpyxl
import pytest

from tests import cast

PATH = f"/weekly-reports/2026-W07/{cast.TOWNSHIP}"
TITLES = {
    "status": "状态", "percent": "进度（%）", "ready": "已达标条目", "spent": "已用资金（元）", "offered": "上线事项",
    "text": "内容", "asked": "责任部门", "due": "答复期限", "code": "机构代码", "kind": "类别",
}


@pytest.fixture
def book(township):
    answer = township.get(f"{PATH}/form.xlsx")
    assert answer.status_code == 200 and answer.headers["Content-Type"].endswith("sheet")
    return openpyxl.load_workbook(BytesIO(answer.data))


def put(book, line, name, value):
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    sheet.cell(line, titles.index(TITLES[name]) + 1, value)


def hand_in(caller, book, key="form-0001"):
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return caller._send("POST", f"{PATH}/form", data={"file": (out, "form.xlsx")}, headers={"Idempotency-Key": key})


def test_the_form_comes_back_as_a_draft_that_can_be_filed(township, book):
    sheet = book.worksheets[0]
    assert [sheet.cell(3, place).value for place in (1, 2, 3)] == ["站点", cast.VILLAGE, "百花社区居委会"]
    put(book, 3, "percent", 100)
    put(book, 3, "ready", "全部")
    put(book, 4, "spent", 1200.5)
    put(book, 4, "ready", "一间代办室（点）、desk")
    put(book, 4, "offered", "MZ:5、RS：3")
    put(book, 23, "text", "缺电脑")
    put(book, 23, "asked", "民政局")
    put(book, 23, "due", "2026-03-10")
    put(book, 25, "text", "下周完成装修")
    answer = hand_in(township, book)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.json
    assert (found["state"], found["plan"], found["must_say"][0]["field"]) == ("draft", "下周完成装修", "sites.1.status")
    assert found["problems"] == [{"text": "缺电脑", "asked_of": "民政局", "due_on": "2026-03-10"}]
    assert found["sites"][2]["spent_fen"] == 120_050
    assert [one["code"] for one in found["sites"][2]["readiness"] if one["passed"]] == ["room", "desk"]
    assert found["sites"][2]["onboarded"] == [
        {"department_code": "MZ", "items": 5}, {"department_code": "RS", "items": 3},
    ]
    assert township.put(f"{PATH}/filing").status_code == 200
    assert township.get(f"/sites/{cast.VILLAGE}").json["status"] == "built"
    assert hand_in(township, book, "form-0002").status_code == 409


def test_every_fault_has_its_line_and_nothing_is_taken(township, book):
    put(book, 3, "percent", "一半")
    put(book, 4, "status", "快了")
    put(book, 5, "code", cast.FAR_VILLAGE)
    put(book, 6, "ready", "一座泳池")
    put(book, 7, "spent", "=1+1")
    put(book, 8, "offered", "XX:1")
    put(book, 23, "text", "缺电脑")
    put(book, 24, "kind", "闲话")
    answer = hand_in(township, book)
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/form-has-errors")
    assert {place: told[0] for place, told in answer.json["errors"].items()} == {
        "第3行 进度（%）": "须为 0 到 100 的整数", "第4行 状态": "须为 未开工、建设中、已建成 之一",
        "第5行 机构代码": "不是本乡镇（街道）在册的站点", "第6行 已达标条目": "现行清单中没有：一座泳池",
        "第7行 已用资金（元）": "含有公式，请复制后粘贴为数值", "第8行 上线事项": "没有部门 XX",
        "第23行 责任部门": "没有这个部门，请填写部门代码或全称", "第24行 类别": "须为 站点、问题 或 计划",
    }
    assert township.get(PATH).json["version"] == 0


def test_a_file_that_is_no_form_is_refused(township):
    other = openpyxl.Workbook()
    other.active.append(["姓名", "电话"])
    assert set(hand_in(township, other).json["errors"]) == {"第1行 类别", "第1行 机构代码"}
    answer = township._send("POST", f"{PATH}/form", data={"file": (BytesIO(b"PK"), "x.xlsx")},
                            headers={"Idempotency-Key": "form-0009"})
    assert answer.status_code == 415
