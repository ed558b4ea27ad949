"""Tables written as Excel workbooks, row after row, in constant memory; safe to open.

Every text is an inline string, so that nothing is ever a live formula; one that could become one
when somebody edits the cell carries Excel's text mark besides. Dates are real dates. The parts are
written by hand: a library would keep plain rows in a named temporary file, which a killed process
leaves behind, and take eight times as long.
"""
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from threading import BoundedSemaphore
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from backend.core import clock, sheetcharts
from backend.core.drawn import Chart
from backend.core.problems import TooMany

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_AT_ONCE, RETRY_SECONDS = 2, 5
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_575
CHUNK = 200

_at_once = BoundedSemaphore(MOST_AT_ONCE)


class Column(NamedTuple):
    """A column's heading and width in characters; ``text``: what is typed there stays as typed."""

    title: str
    width: int
    text: bool = False


@contextmanager
def turn() -> Iterator[None]:
    """Hold one of the few places for workbooks that a process has; TooMany where none is free."""
    if not _at_once.acquire(blocking=False):
        raise TooMany(RETRY_SECONDS, "正在处理的表格较多，请稍后再试", "Too many workbooks at once; try again.")
    try:
        yield
    finally:
        _at_once.release()


class Book:
    """A workbook being written to a file, ``with Book(file) as book``; it is whole at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4)
        self._names: list[str] = []
        self._charts: dict[int, tuple[Chart, int]] = {}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._bind()
        self._archive.close()

    def add(
        self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, filtered: bool = True,
        chart: Chart | None = None,
    ) -> int:
        """A sheet with a frozen heading, and a chart under its rows; how many rows it got.

        A row holds texts, numbers, dates, instants (shown on the local wall clock) and None. ValueError where
        Excel has no room.
        """
        self._names.append(name)
        count = 0
        letters = [letter(place) for place in range(len(columns))]
        with self._archive.open(_part(f"xl/worksheets/sheet{len(self._names)}.xml"), "w") as part:
            part.write(_top(columns).encode())
            lines = [_line(1, letters, [column.title for column in columns], heading=True)]
            for row in rows:
                count += 1
                if count > MOST_ROWS:
                    raise ValueError("more rows than a sheet can hold")
                lines.append(_line(count + 1, letters, row))
                if len(lines) == CHUNK:
                    part.write("".join(lines).encode())
                    lines = []
            span = f'<autoFilter ref="A1:{letters[-1]}{count + 1}"/>' if filtered else ""
            shown = sheetcharts.REFERENCE if chart else ""
            part.write("".join([*lines, "</sheetData>", span, _BOTTOM.format(shown)]).encode())
        if chart:
            self._charts[len(self._names)] = chart, count
        return count

    def _bind(self) -> None:
        """Write what binds the sheets together."""
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{escaped(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, self._names)
        )
        titles = "".join(
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{n - 1}">\'{escaped(name)}\'!$1:$1</definedName>'
            for n, name in zip(numbers, self._names)
        )
        bound = "".join(f'<Relationship Id="rId{n}" Type="{_KIND}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                        for n in numbers)
        typed = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
                        for n in numbers)
        for name, text in (
            ("[Content_Types].xml", _TYPES.format(typed + sheetcharts.typed(self._charts))),
            *sheetcharts.parts(self._charts),
            ("_rels/.rels", _RELATIONS.format(
                f'<Relationship Id="rId1" Type="{_KIND}/officeDocument" Target="xl/workbook.xml"/>')),
            ("xl/workbook.xml", _WORKBOOK.format(sheets, titles)),
            ("xl/_rels/workbook.xml.rels", _RELATIONS.format(
                f'{bound}<Relationship Id="rIdS" Type="{_KIND}/styles" Target="styles.xml"/>')),
            ("xl/styles.xml", _STYLES),
        ):
            self._archive.writestr(_part(name), _XML + text)


def _part(name: str) -> ZipInfo:
    found = ZipInfo(name)
    found.compress_type = ZIP_DEFLATED
    return found


def letter(place: int) -> str:
    """The letters of a column, the first being 0: A … Z, AA …"""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


_ODD = re.compile("[&<>\"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\r]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "_": "_x005F_", "\r": "\n"}
_LIVE = frozenset("=+-@\t\r\n|%")


def escaped(text: str) -> str:
    """The text as XML holds it, without the characters that XML forbids."""
    if _ODD.search(text) is None:
        return text
    return _ODD.sub(lambda found: _ENTITIES.get(found[0], ""), text.replace("\r\n", "\n"))


PLAIN, HEADING, TEXT_MARKED, DAY, MOMENT, TEXT = range(6)
"""The cell formats of the style sheet below, by place."""
_FIRST_DAY = date(1899, 12, 30).toordinal()


def _line(number: int, letters: Sequence[str], values: Sequence[Any], heading: bool = False) -> str:
    cells = "".join([
        f'<c r="{place}{number}"{_cell(value, heading)}'
        for place, value in zip(letters, values) if value is not None and value != ""
    ])
    return f'<row r="{number}">{cells}</row>'


@lru_cache(maxsize=4096, typed=True)
def _cell(value: Any, heading: bool) -> str:
    """A cell from behind its place on; registers say the same again and again."""
    if isinstance(value, str):
        style = HEADING if heading else TEXT_MARKED if value[0] in _LIVE else PLAIN
        return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(value[:LONGEST_CELL])}</t></is></c>'
    if isinstance(value, datetime):
        wall = clock.local(value)
        days = wall.toordinal() - _FIRST_DAY + (wall.hour * 3600 + wall.minute * 60 + wall.second) / 86400
        return f' s="{MOMENT}"><v>{days:.10f}</v></c>'
    if isinstance(value, date):
        return f' s="{DAY}"><v>{value.toordinal() - _FIRST_DAY}</v></c>'
    if type(value) in (int, float):
        return f' s="{PLAIN}"><v>{value}</v></c>'
    raise TypeError(f"{type(value).__name__} has no cell")


def _top(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" style="{TEXT if column.text else PLAIN}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOTTOM = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>{}</worksheet>'
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{{}}'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_RELATIONS = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_KIND}"><sheets>{{}}</sheets><definedNames>{{}}</definedNames></workbook>'
)
_ALIGNED = '<alignment vertical="top" wrapText="1"/>'
_XF = (
    '<xf numFmtId="{}" fontId="{}" fillId="{}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyFill="1" applyAlignment="1"{}>'
)
_STYLES = "".join((
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font>'
    '</fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7EEF7"/></patternFill>'
    '</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">',
    *(
        _XF.format(form, font, fill, ' quotePrefix="1"' if place == TEXT_MARKED else "") + _ALIGNED + "</xf>"
        for place, (form, font, fill) in enumerate(
            ((0, 0, 0), (0, 1, 2), (49, 0, 0), (164, 0, 0), (165, 0, 0), (49, 0, 0))
        )
    ),
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
))

