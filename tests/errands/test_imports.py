"""A paper register taken in: a report first, then all of it or nothing, once."""
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from backend.core import ledger, sheets, sql, verification
from backend.core.actor import system
from backend.errands.actions import importing
from backend.errands.jobs import lapsing as jobs
from tests import cast
from tests.errands.paper import book, hand_in, line
from tests.errands.test_races import at_once, statuses
from tests.errands.test_register import lines as exported
from tests.statements import count_statements

__all__ = ["at_once"]


def checked(caller, *rows, key="0001"):
    answer = hand_in(caller, book(*rows), key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer


def confirm(caller, made, etag=None, **more):
    return caller.put(f"/errands/imports/{made['id']}/confirmation", etag=etag or '"1"', **more)


def count(table):
    return sql.value(f"SELECT count(*) FROM {table}")


def test_the_report_comes_before_anything_is_written(agent):
    answer = checked(agent, line(1), line(2, phone="123"), line(3, received="2024-04-01", item="没有的事"))
    made = answer.json
    assert (made["state"], made["line_count"], made["error_count"]) == ("checked", 3, 3)
    assert [(fault["line"], fault["column"]) for fault in made["errors"]] == [
        (3, "联系电话"), (4, "办理事项"), (4, "办结日期"),
    ]
    assert made["errors"][0]["message"].startswith("电话须为 11 位手机号码")
    assert count("errand") == count("resident") == count("paper_errand") == count("register_import_part") == 0
    refused = confirm(agent, made)
    assert refused.status_code == 409 and refused.json["type"] == "/problems/import-has-errors"
    assert count("errand") == 0
    english = agent.get(f"/errands/imports/{made['id']}", headers={"Accept-Language": "en"}).json
    assert "mobile" in english["errors"][0]["message"]


def test_confirming_writes_every_line_as_a_finished_errand(agent, stranger, now):
    agent_name = agent.get("/me").json["name"]
    made = checked(agent, line(1, receiver=agent_name, agent="退休的老李", due="2024-03-20", sent="2024-03-18",
                               materials="申请书、户口簿", rating="满意", remark="腿脚不便", by="王桂香"), line(2)).json
    assert made["error_count"] == 0 and made["warning_count"] == 1
    answer = confirm(agent, made)
    assert answer.status_code == 200 and answer.json["state"] == "confirmed"
    case = agent.get("/errands?state=closed").json["items"][0]
    assert (case["state"], case["outcome"], case["channel"], case["light"]) == ("closed", "granted", "paper", "none")
    assert case["received_at"].startswith("2024-03-15") and case["finished_at"].startswith("2024-03-22")
    assert case["due_at"] is None and case["accepted_at"] is None and case["used_working_days"] is None
    assert case["number"].startswith("001001-240315-")
    assert case["resident"]["phone"] == "138****1234"
    (event,) = agent.get(f"/errands/{case['id']}/events").json["items"]
    assert event["what"] == "由纸质台账导入" and event["happened_at"].startswith("2024-03-15")
    told = stranger.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json
    assert [step["what"] for step in told["steps"]] == ["由纸质台账导入"]
    for paper in ("slip", "mandate.html", "decision.html"):
        assert agent.get(f"/errands/{case['id']}/{paper}").status_code == 200
    assert agent.get("/errands").json["items"] == [] and agent.get("/call-tasks?state=all").json["items"] == []
    assert verification.verify().code == 0


def test_an_imported_errand_stands_in_the_register_as_on_paper(agent):
    confirm(agent, checked(agent, line(
        1, receiver="老张", due="2024-03-20", sent="2024-03-18", materials="申请书、户口簿", rating="满意",
        remark="腿脚不便", by="王桂香", address="百花社区3幢",
    )).json)
    (shown,) = exported(agent.get("/errands/export.xlsx"))
    assert shown["纸质台账编号"] == "2024-001" and shown["首问责任人"] == "老张" and shown["回访评价"] == "满意"
    assert shown["应办结时间"] == datetime(2024, 3, 20) and shown["上报日期"] == datetime(2024, 3, 18)
    assert shown["办结时间"] == datetime(2024, 3, 22) and shown["办理结果"] == "准予，已发放救助金"
    assert shown["已收材料"] == "申请书、户口簿" and shown["备注"] == "腿脚不便" and shown["住址"] == "百花社****"


def test_confirming_twice_writes_once(agent):
    register = book(line(1))
    made = hand_in(agent, register, "0001").json
    first = confirm(agent, made, headers={"Idempotency-Key": "confirm-0001"})
    again = confirm(agent, made, headers={"Idempotency-Key": "confirm-0001"})
    assert first.json == again.json and again.headers["Idempotent-Replayed"] == "true"
    assert confirm(agent, made, etag="*").status_code == 409
    assert count("errand") == 1
    assert hand_in(agent, register, "0001").headers["Idempotent-Replayed"] == "true"


def test_two_confirmations_at_once_write_once(agent, at_once):
    made = checked(agent, *(line(n) for n in range(1, 20))).json
    assert statuses(at_once(agent, lambda caller, _: confirm(caller, made, etag="*"), 2)) == {200: 1, 409: 1}
    assert count("errand") == 19


def test_the_same_register_handed_in_twice_and_confirmed_at_once_is_written_once(agent, at_once):
    rows = [line(n) for n in range(1, 20)]
    made = [checked(agent, *rows, key=key).json for key in ("0001", "0002")]
    assert statuses(at_once(agent, lambda caller, n: confirm(caller, made[n]), 2)) == {200: 1, 409: 1}
    assert count("errand") == count("paper_errand") == 19
    assert verification.verify().code == 0


def test_a_stale_version_and_a_missing_one_are_refused(agent):
    made = checked(agent, line(1)).json
    assert confirm(agent, made, etag='"7"').status_code == 412
    assert agent.put(f"/errands/imports/{made['id']}/confirmation", etag=None).status_code == 428
    assert count("errand") == 0


def test_what_was_imported_is_not_imported_again(agent):
    first, second = checked(agent, line(1)).json, checked(agent, line(1), line(2), key="0002").json
    assert confirm(agent, first).status_code == 200
    late = confirm(agent, second)
    assert late.status_code == 409 and late.json["type"] == "/problems/already-imported"
    (fault,) = checked(agent, line(1), line(2), key="0003").json["errors"]
    assert (fault["line"], fault["column"], fault["message"]) == (2, "编号", "此编号以前已经导入")
    assert count("errand") == 1


def test_a_fault_in_the_middle_leaves_nothing(agent, monkeypatch):
    made = checked(agent, *(line(n) for n in range(1, 6))).json
    real, seen = importing.residents.register, []

    def failing(**given):
        seen.append(given)
        if len(seen) == 3:
            raise RuntimeError("the process ends here")
        return real(**given)

    monkeypatch.setattr(importing.residents, "register", failing)
    assert confirm(agent, made).status_code == 500
    monkeypatch.undo()
    assert count("errand") == count("resident") == count("paper_errand") == count("number_series") == 0
    assert confirm(agent, made).status_code == 200
    assert count("errand") == 5


def test_one_person_without_id_number_is_one_resident_of_the_register(agent):
    phones = ("13805761234", "138-0576-1234", "13905761234")
    confirm(agent, checked(agent, *(line(n, id_number=None, phone=phone) for n, phone in enumerate(phones))).json)
    assert count("errand") == 3 and count("resident") == 2


def test_a_township_imports_for_its_villages_and_a_village_for_itself(agent, township, neighbour):
    (fault,) = checked(agent, line(1, unit=cast.NEIGHBOUR)).json["errors"]
    assert fault["column"] == "机构代码"
    made = checked(township, line(1, unit=cast.VILLAGE), line(1, unit=cast.NEIGHBOUR), line(1)).json
    assert confirm(township, made).status_code == 200
    units = sql.execute("SELECT unit_code FROM errand ORDER BY unit_code").fetchall()
    assert [code for (code,) in units] == [cast.TOWNSHIP, cast.VILLAGE, cast.NEIGHBOUR]
    assert len(neighbour.get("/errands?state=closed").json["items"]) == 1


def test_only_the_own_units_imports_are_seen_and_confirmed(agent, neighbour, township, operator, district_app):
    made = checked(agent, line(1)).json
    path = f"/errands/imports/{made['id']}"
    absent = path[:-12] + "0" * 12
    for other in (neighbour, operator, cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)):
        assert other.get(path).data.replace(path.encode(), absent.encode()) == other.get(absent).data
        assert confirm(other, made).status_code == 404
        assert other.get("/errands/imports").json["items"] == []
    assert township.get(path).json["by"]["name"] == made["by"]["name"]
    assert [one["id"] for one in township.get("/errands/imports?state=checked").json["items"]] == [made["id"]]
    assert cast.sign_in(district_app.test_client(), "office").get(path).status_code == 403


def test_lines_wait_sealed_and_lapse_after_seven_days(agent, fixed_clock):
    made = checked(agent, line(1)).json
    sealed = b"".join(bytes(blob) for (blob,) in sql.execute("SELECT sealed FROM register_import_part").fetchall())
    assert sealed and "王桂香".encode() not in sealed and b"13805761234" not in sealed
    kept = sql.value("SELECT report FROM register_import") + "".join(
        str(entry) for entry in ledger.history("register_import", made["id"]))
    assert "13805761234" not in kept and "王桂香" not in kept
    assert jobs.purge_imports(actor=system("test"), now=fixed_clock.now()) == 0
    fixed_clock.advance(days=7)
    assert confirm(agent, made).status_code == 410
    assert jobs.purge_imports(actor=system("test"), now=fixed_clock.now()) == 1
    assert count("register_import_part") == 0
    assert agent.get(f"/errands/imports/{made['id']}").json["state"] == "lapsed"
    assert confirm(agent, made, etag="*").status_code == 409


@pytest.mark.parametrize(("data", "status"), [
    (b"%PDF-1.4", 415), (b"PK\x03\x04 no archive", 422), (b"", 415), (b"x" * (10 << 20) + b"y", 413),
])
def test_what_is_no_workbook_is_refused(data, status, agent):
    assert hand_in(agent, data, "0001").status_code == status
    assert count("register_import") == 0


def test_the_form_that_is_handed_out_can_be_filled_and_handed_in(agent):
    answer = agent.get("/errands/register-template.xlsx")
    form = openpyxl.load_workbook(BytesIO(answer.data))
    assert answer.mimetype == sheets.MEDIA and form.sheetnames == ["纸质台账", "填写说明"]
    sheet = form.worksheets[0]
    right = line(1)
    for place, name in {"A": "number", "B": "received", "C": "name", "D": "id_number", "E": "phone", "G": "item",
                        "M": "finished", "N": "result"}.items():
        sheet[f"{place}2"] = right[name]
    out = BytesIO()
    form.save(out)
    made = hand_in(agent, out.getvalue(), "0001").json
    assert (made["error_count"], made["warning_count"], made["line_count"]) == (0, 0, 1)


def test_statements_do_not_grow_with_the_lines_but_for_their_people(agent):
    made = checked(agent, *(line(n, id_number=cast.id_number(1)) for n in range(1, 41))).json
    with count_statements() as seen:
        assert confirm(agent, made).status_code == 200
    by_line = [text for text in seen if "resident_reader" in text]
    assert len(seen) - len(by_line) < 40, len(seen)
