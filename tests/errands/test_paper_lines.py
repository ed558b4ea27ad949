"""What each line of a paper register must be: one table of cells, one of lines."""
from datetime import date, datetime

import pytest

from backend.core.problems import Gone
from backend.core.sheetparts import FORMULA, Row
from backend.errands.rules import cells, register
from backend.errands.rules.cells import Known
from tests import cast
from tests.conftest import START

KNOWN = Known(
    own=cast.VILLAGE, units=frozenset({cast.VILLAGE, cast.NEIGHBOUR}),
    items={"MZ-003": "MZ-003", "临时救助": "MZ-003", "证明": None},
    staff={(cast.VILLAGE, "李代办"): "account-1"}, today=date(2026, 2, 12),
)
NAMES = [column.name for column in cells.COLUMNS]
TITLES = [column.title for column in cells.COLUMNS]
RIGHT = {
    "paper_number": "2024-001", "received_on": datetime(2024, 3, 15), "name": "王桂香",
    "id_number": cast.id_number(1), "item_code": "临时救助", "finished_on": "2024年3月22日", "result": "准予",
}


def read(*lines, titles=TITLES):
    rows = [Row(1, dict(enumerate(titles)))]
    for number, line in enumerate(lines, 2):
        rows.append(Row(number, {NAMES.index(name): value for name, value in line.items() if value is not None}))
    return register.read(rows, KNOWN)


def column(name, value):
    """The errors of a right line with this one cell: the columns that they name."""
    return [fault.column for fault in read(RIGHT | {name: value}).errors]


def test_a_right_line_is_read_as_it_is_stored():
    found = read(RIGHT | {"first_receiver": "李代办", "agent": "外人", "materials": "申请书、\n户口簿"})
    assert found.errors == [] and found.count == 1
    (line,) = found.lines
    assert line["received_on"] == "2024-03-15" and line["finished_on"] == "2024-03-22"
    assert (line["item_code"], line["unit_code"], line["outcome"]) == ("MZ-003", cast.VILLAGE, "granted")
    assert (line["first_receiver_id"], line["agent_id"], line["agent"]) == ("account-1", None, "外人")
    assert line["materials"] == "申请书、\n户口簿"
    assert [(fault.line, fault.column) for fault in found.warnings] == [(2, "代办员")]


@pytest.mark.parametrize(("name", "value"), [
    ("paper_number", None), ("paper_number", "x" * 41), ("paper_number", datetime(2024, 1, 5)),
    ("received_on", None), ("received_on", "昨天"), ("received_on", "2024-02-30"), ("received_on", 45366),
    ("received_on", "2026-02-13"), ("received_on", datetime(1899, 12, 30)), ("received_on", "2024-04-01"),
    ("name", None), ("name", "  "), ("name", FORMULA), ("name", "长" * 61),
    ("id_number", cast.id_number(1)[:-1] + "a"), ("id_number", 3.31003195003070e17), ("id_number", FORMULA),
    ("phone", "12345"), ("phone", 138.5), ("item_code", None), ("item_code", "没有的事"), ("item_code", "证明"),
    ("finished_on", None), ("finished_on", "2026-03-01"), ("finished_on", "2024-03-14"),
    ("due_on", "2024-03-14"), ("sent_up_on", "2024-03-14"), ("sent_up_on", "2026-03-14"),
    ("result", None), ("result", "不知道"), ("result", "未办结"), ("result", "办不了"), ("remark", "x" * 2001),
    ("unit_code", cast.FAR_VILLAGE), ("unit_code", "331003"), ("address", True and "x" * 201),
])
def test_a_wrong_cell_is_named_by_its_column(name, value):
    title = TITLES[NAMES.index(name)]
    named = column(name, value)
    assert named and set(named) <= {title, "办结日期"}, (named, title)


@pytest.mark.parametrize(("name", "value"), [
    ("paper_number", 17), ("received_on", "2024/3/5"), ("received_on", "2024.03.05"), ("received_on", "2024年3月5日"),
    ("received_on", "2024-03-22"), ("received_on", datetime(2024, 3, 22, 9)), ("phone", 13805761234),
    ("phone", "0576-84110001"), ("item_code", "MZ-003"), ("due_on", "2027-01-01"), ("unit_code", int(cast.NEIGHBOUR)),
    ("result", "已办结，证已发"), ("result", "不予批准：条件不符"), ("result", "退回补正"), ("result", "已答复"),
])
def test_cells_are_taken_as_people_type_them(name, value):
    assert column(name, value) == []


@pytest.mark.parametrize(("result", "outcome"), [
    ("准予", "granted"), ("已同意", "granted"), ("办妥", "granted"), ("不同意", "refused"), ("不予受理", "refused"),
    ("已退回", "returned"), ("答复", "advised"), ("未办结", None), ("", None),
])
def test_the_outcome_is_what_the_result_begins_with(result, outcome):
    assert cells.outcome_of(result) == outcome


def test_somebody_without_number_and_phone_cannot_be_imported():
    assert column("id_number", None) == ["联系电话"]


def test_a_number_stands_once_in_a_unit_and_never_again():
    found = read(RIGHT, RIGHT, RIGHT | {"unit_code": cast.NEIGHBOUR}, RIGHT | {"paper_number": "2"})
    assert [(fault.line, fault.column, fault.told.zh) for fault in found.errors] == [(3, "编号", "与第 2 行重复")]
    register.mark_taken(found, {(cast.NEIGHBOUR, "2024-001"), (cast.VILLAGE, "7")})
    assert [fault.line for fault in found.errors] == [3, 4]


def test_columns_are_found_by_their_title_in_any_order_and_others_left_out():
    titles = [f" {title} *" if title == "编号" else title for title in TITLES]
    assert read(RIGHT, titles=titles).errors == []
    found = register.read([Row(3, {0: "王桂香", 1: "13805761234", 2: FORMULA})], KNOWN)
    assert [fault.column for fault in found.warnings] == ["A", "B", "C"]
    assert "13805761234" not in str(found)
    assert {fault.column for fault in found.errors} == {c.title for c in cells.COLUMNS if c.required}
    assert [fault.column for fault in read(RIGHT, titles=[*TITLES, "编号"]).errors] == ["编号"]


def test_nothing_to_import_and_too_much_are_errors(monkeypatch):
    assert [fault.told.zh for fault in read().errors] == ["没有可导入的行"]
    assert register.read([], KNOWN).errors
    monkeypatch.setattr(register, "MOST_LINES", 2)
    found = read(*(RIGHT | {"paper_number": str(n)} for n in range(4)))
    assert found.count == 2 and [fault.line for fault in found.errors] == [4]


def test_no_message_repeats_what_stands_in_a_cell():
    secret = "13900001111x"
    for name in NAMES:
        told = [text for fault in read(RIGHT | {name: secret}).errors for text in fault.told]
        assert not any(secret in text for text in told)


def test_the_version_is_the_one_in_force_else_the_first():
    versions = [(1, "2025-01-01", "2025-06-01"), (2, "2025-06-01", None)]
    assert [register.version_on(versions, day) for day in ("2024-03-15", "2025-05-31", "2025-06-01")] == [1, 1, 2]


def test_a_check_may_be_confirmed_for_seven_days():
    register.check_confirmable(0, START, START + register.KEPT / 2)
    with pytest.raises(Gone):
        register.check_confirmable(0, START, START + register.KEPT)
    with pytest.raises(register.ImportHasErrors):
        register.check_confirmable(1, START, START)
