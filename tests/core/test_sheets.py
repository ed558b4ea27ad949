"""Workbooks as they are written: whole, readable by others, and safe whatever stands in the cells."""
import tempfile
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import sheets, workbooks
from backend.core.problems import TooMany
from backend.core.sheets import Column

ODD = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A1", "%0A=1", "|x", "'=1"]


def made(rows, columns=3):
    out = BytesIO()
    with sheets.Book(out) as book:
        count = book.add("台账", [Column(f"列{n}", 10) for n in range(columns)], rows)
    assert count == len(rows)
    return out.getvalue()


def opened(data):
    return openpyxl.load_workbook(BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("text", ODD)
def test_no_text_is_a_formula_nor_becomes_one_when_its_cell_is_edited(text):
    cell = opened(made([(text, None, None)]))["A2"]
    assert cell.data_type == "s" and cell.value == text.replace("\r", "\n")
    assert cell.quotePrefix or text[0] == "'"


def test_texts_numbers_days_and_moments_come_back_as_what_they_are():
    sheet = opened(made([("王桂香", 5, date(2026, 2, 12)), (None, None, datetime(2026, 2, 26, 9, 30, tzinfo=UTC))]))
    assert [cell.value for cell in sheet[2]] == ["王桂香", 5, datetime(2026, 2, 12)]
    assert sheet["C3"].value == datetime(2026, 2, 26, 17, 30) and sheet["C3"].is_date
    assert sheet["A3"].value is None and sheet["A1"].font.b
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:C3"


def test_what_xml_forbids_is_left_out_and_long_texts_are_cut():
    (line,) = workbooks_of(made([("a\x00b\x0bc\ud800\uffff<&>\"", "长" * 40_000, "_x0041_")]))
    assert line[0] == "abc<&>\"" and len(line[1]) == sheets.LONGEST_CELL and line[2] == "_x0041_"


def workbooks_of(data):
    return [tuple(row.cells.get(n) for n in range(3)) for row in workbooks.rows(data)][1:]


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(0, 10**9), st.none()), max_size=5))
@settings(max_examples=15, deadline=None)
def test_any_text_makes_a_whole_workbook(rows):
    sheet = opened(made(rows))
    assert sheet.max_row == len(rows) + 1
    assert [cell.value for cell in sheet["B"]][1:] == [number for _, number, _ in rows]


def test_columns_are_lettered_as_excel_does():
    assert [sheets.letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_book_that_failed_leaves_the_file_closed_and_says_why():
    with tempfile.TemporaryFile() as out, pytest.raises(TypeError, match="bytes has no cell"):
        made_of(out, [(b"x", None, None)])


def made_of(out, rows):
    with sheets.Book(out) as book:
        book.add("x", [Column("a", 1)], rows)


def test_a_process_makes_only_so_many_at_once():
    with sheets.turn(), sheets.turn(), pytest.raises(TooMany), sheets.turn():
        raise AssertionError
    with sheets.turn(), sheets.turn():
        pass
