"""Reading an Excel workbook that a stranger may have made: bounded before and while it is opened.

Macros and links to other workbooks are refused, formulas are told apart from values.
"""
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from backend.core.problems import Problem, Text
from backend.core.sheetparts import Outline, Row, Sheet, Strings, Styles, UnsafeWorkbook

MOST_MEMBERS, MOST_UNPACKED, MOST_ELEMENTS = 1_000, 50 << 20, 1_000_000
ENTRY = b"PK\x01\x02"


class NotAWorkbook(Problem):
    """The bytes are no workbook of today's Excel form (xlsx)."""

    status, slug, title = 415, "not-a-workbook", Text("只接受 xlsx 格式的表格", "Only xlsx workbooks are taken")


_FAULTS = (
    BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, ArithmeticError, NotImplementedError,
    RuntimeError, EOFError,
)


def rows(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet that are not blank, as they stand in it.

    Values are texts, numbers, naive datetimes, booleans and FORMULA. NotAWorkbook, UnsafeWorkbook;
    the latter may come after some rows.
    """
    try:
        yield from _read(_opened(data))
    except _FAULTS as error:
        raise UnsafeWorkbook("表格无法解析，请用 Excel 或 WPS 另存后重试", "It cannot be parsed") from error


def _opened(data: bytes) -> ZipFile:
    if not data.startswith(b"PK\x03\x04"):
        raise NotAWorkbook()
    if data.count(ENTRY) > MOST_MEMBERS:
        raise UnsafeWorkbook(f"表格内部文件超过 {MOST_MEMBERS} 个", f"More than {MOST_MEMBERS} members")
    archive = ZipFile(BytesIO(data))
    members = archive.infolist()
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names:
        raise NotAWorkbook()
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise UnsafeWorkbook(f"表格解压后超过 {MOST_UNPACKED >> 20} MiB", "It unpacks to too much")
    odd = [m for m in members if m.flag_bits & 1 or m.compress_type not in (ZIP_STORED, ZIP_DEFLATED)]
    if odd or len(names) < len(members):
        raise UnsafeWorkbook("表格已加密或结构异常", "Encrypted, or of an odd structure")
    if any("vbaproject" in name.lower() or "macrosheets/" in name.lower() for name in names):
        raise UnsafeWorkbook("表格含有宏，请另存为不含宏的 xlsx", "It holds macros")
    if any("externallinks/" in name.lower() for name in names):
        raise UnsafeWorkbook("表格引用了其他文件，请粘贴为数值后重试", "It links to other workbooks")
    return archive


def _read(archive: ZipFile) -> Iterator[Row]:
    budget, names = [MOST_ELEMENTS], set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook()
    outline, strings, styles = Outline(budget), Strings(budget), Styles(budget)
    for reader, name in (
        (outline, "xl/workbook.xml"), (outline, "xl/_rels/workbook.xml.rels"), (strings, "xl/sharedStrings.xml"),
        (styles, "xl/styles.xml"),
    ):
        if name in names:
            _exhaust(reader.read(archive, name))
    target = outline.targets[outline.first]
    place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheet = Sheet(budget, strings.found, styles.dates, outline.epoch)
    for _ in sheet.read(archive, place):
        yield from sheet.rows
        sheet.rows.clear()


def _exhaust(steps: Iterator[None]) -> None:
    for _ in steps:
        pass
