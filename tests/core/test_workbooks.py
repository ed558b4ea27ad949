"""Workbooks of strangers: what Excel writes is read, what is hostile is refused before it costs anything."""
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import workbooks
from backend.core.sheetparts import FORMULA, UnsafeWorkbook, is_date_format
from backend.core.workbooks import NotAWorkbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(*rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(data):
    return [(row.number, row.cells) for row in workbooks.rows(data)]


def altered(data, **parts):
    """The workbook with parts replaced or added (``__`` stands for /)."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        given = {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
        for name in old.namelist():
            new.writestr(name, given.pop(name, None) or old.read(name))
        for name, text in given.items():
            new.writestr(name, text)
    return out.getvalue()


def test_what_a_spreadsheet_program_wrote_is_read():
    line = ["A-1", datetime(2024, 3, 15), None, 13805761234]
    data = saved(["编号", "日期", None, "数"], line, [], [None, True, 1.5, "=1+1"])
    assert read(data) == [
        (1, {0: "编号", 1: "日期", 3: "数"}), (2, {0: "A-1", 1: datetime(2024, 3, 15), 3: 13805761234}),
        (4, {1: True, 2: 1.5, 3: FORMULA}),
    ]


@pytest.mark.parametrize(("number", "code", "dated"), [
    (14, "", True), (31, "", True), (58, "", True), (2, "", False), (49, "", False), (0, "General", False),
    (176, 'yyyy"年"m"月"d"日"', True), (177, "[$-804]yyyy/m/d;@", True), (178, '0.00"d"', False),
    (179, "[Red]0", False),
])
def test_dates_are_known_by_their_format(number, code, dated):
    assert is_date_format(number, code) is dated


def test_dates_may_count_from_1904():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert read(saved([datetime(2024, 3, 15)], change=change)) == [(1, {0: datetime(2024, 3, 15)})]


def test_rich_inline_and_spoken_texts_are_read_as_shown():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><r><t>王</t></r><r><t>桂香</t></r>'
        '<rPh sb="0" eb="1"><t>wang</t></rPh></is></c><c t="str"><v>_x0041_b</v></c></row>'
        '<row r="7"><c r="C7" t="inlineStr"><is><t> </t></is></c></row></sheetData></worksheet>'
    )
    assert read(altered(saved(["x"]), xl__worksheets__sheet1_dot_xml=sheet)) == [
        (1, {0: "王桂香", 1: "A b".replace(" ", "")}), (7, {2: " "}),
    ]


def test_what_is_no_workbook_is_refused():
    for data in (b"", b"%PDF-1.4", b"PK\x03\x04 and no more", saved(["x"])[:-30]):
        with pytest.raises((NotAWorkbook, UnsafeWorkbook)):
            read(data)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("a.txt", "x")
    with pytest.raises(NotAWorkbook):
        read(out.getvalue())


def bomb(size):
    text = f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * size + "</sheetData></worksheet>"
    return altered(saved(["x"]), xl__worksheets__sheet1_dot_xml=text)


def lying():
    """A bomb whose directory says that it is small."""
    data = bomb(60 << 20)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return data.replace(true.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def crowded():
    return altered(saved(["x"]), **{f"part{n}": "x" for n in range(1000)})


def entities(encoding="utf-8"):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        '<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    return altered(saved(["x"]), xl__worksheets__sheet1_dot_xml=text.encode(encoding))


def endless(what, times):
    text = f'<worksheet xmlns="{MAIN}"><sheetData><row>' + what * times + "</row></sheetData></worksheet>"
    return altered(saved(["x"]), xl__worksheets__sheet1_dot_xml=text)


HOSTILE = {
    "unpacks to 60 MiB": lambda: bomb(60 << 20),
    "lies of its size": lying,
    "has too many members": crowded,
    "declares entities": entities,
    "declares entities in UTF-16": lambda: entities("utf-16"),
    "has more cells than are counted": lambda: endless("<c/>", 60_000),
    "is nested deep": lambda: endless("<a>", 1000),
    "holds macros": lambda: altered(saved(["x"]), xl__vbaProject_dot_bin="x"),
    "links to others": lambda: altered(saved(["x"]), xl__externalLinks__externalLink1_dot_xml="<x/>"),
    "is cut": lambda: altered(saved(["x"]), xl__worksheets__sheet1_dot_xml="<worksheet><sheetData><row>"),
    "has a string that is not there": lambda: altered(
        saved(["x"]), xl__worksheets__sheet1_dot_xml='<w><row><c t="s"><v>99</v></c></row></w>'),
    "has numbers of 5,000 digits": lambda: altered(
        saved(["x"]), xl__worksheets__sheet1_dot_xml=f'<w><row r="{"9" * 5000}"><c><v>1</v></c></row></w>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused(name, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ELEMENTS", 50_000)
    with pytest.raises(UnsafeWorkbook):
        read(HOSTILE[name]())


def test_an_encrypted_member_is_refused():
    data = bytearray(saved(["x"]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(UnsafeWorkbook):
        read(bytes(data))


SMALL = saved(["编号", "日期"], ["A-1", datetime(2024, 3, 15)])


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_damaged_workbook_is_read_or_refused_never_a_fault(place, noise):
    with suppress(NotAWorkbook, UnsafeWorkbook):
        read(SMALL[:place] + noise + SMALL[place + len(noise):])
