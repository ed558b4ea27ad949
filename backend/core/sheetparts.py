"""The parts of a workbook, read as streams: texts, formats, rows. Bounded, and deaf to document types.

A streaming XML parser refuses every document type declaration (so that there are no entities) and
counts elements; nothing is kept but what cells show.
"""
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from xml.parsers import expat
from zipfile import ZipFile

from backend.core.problems import Problem, Text

MOST_COLUMNS, DEEPEST = 64, 32
CHUNK = 1 << 16


class Fault(NamedTuple):
    """What is wrong in a sheet that is taken in: the line, the column's title, what to do."""

    line: int
    column: str
    told: Text


class UnsafeWorkbook(Problem):
    """It unpacks to too much, or holds macros, links to other workbooks, entities; or it is damaged."""

    status, slug, title = 422, "unsafe-workbook", Text("表格损坏或不安全", "The workbook is damaged or unsafe")


class Formula:
    """What stands in place of a formula's value: the value may be anybody's."""


class Row(NamedTuple):
    """A row that is not blank: its number, and its values by column, the first being 0."""

    number: int
    cells: dict[int, Any]


FORMULA = Formula()


class Reader:
    """A streaming reading of one part; subclasses say what they keep."""

    def __init__(self, budget: list[int]) -> None:
        self._budget, self._depth = budget, 0
        self._text: list[str] | None = None

    def read(self, archive: ZipFile, name: str) -> Iterator[None]:
        """Parse the part, pausing after each chunk."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
        yield

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._budget[0] -= 1
        if self._budget[0] < 0 or self._depth > DEEPEST:
            raise UnsafeWorkbook("表格内容过多或嵌套过深", "Too many elements, or nested too deep")
        self.begin(name.rpartition(" ")[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name.rpartition(" ")[2])

    def _said(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


def _refuse_doctype(*_: Any) -> None:
    raise UnsafeWorkbook("表格含有文档类型声明", "It declares a document type")


class Strings(Reader):
    """The texts that cells refer to by number; what is read aloud beside them (rPh) is left out."""

    def __init__(self, budget: list[int]) -> None:
        super().__init__(budget)
        self.found: list[str] = []
        self._aloud, self._parts = 0, [""]

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("si", "is"):
            self._parts = []
        elif name == "rPh":
            self._aloud += 1
        elif name == "t" and not self._aloud:
            self._text = []

    def end(self, name: str) -> None:
        if name == "t" and self._text is not None:
            self._parts.append("".join(self._text))
            self._text = None
        elif name == "rPh":
            self._aloud -= 1
        elif name in ("si", "is"):
            self.said(plain("".join(self._parts)))

    def said(self, text: str) -> None:
        """A whole text is there."""
        self.found.append(text)


def plain(text: str) -> str:
    """The text as Excel shows it: ``_x000D_`` and the like are characters."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Styles(Reader):
    """Which cell formats show a date, by their number."""

    def __init__(self, budget: list[int]) -> None:
        super().__init__(budget)
        self.dates: list[bool] = []
        self._codes: dict[int, str] = {}
        self._inside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            number = int(attributes.get("numFmtId", "0"))
            self.dates.append(is_date_format(number, self._codes.get(number, "")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False


_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


def is_date_format(number: int, code: str) -> bool:
    """Whether a number format shows a date; 27–36 and 50–58 are the Chinese ones (ECMA-376 18.8.30)."""
    told = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.lower())
    return number in _BUILT_IN_DATES or any(mark in told for mark in ("y", "d", "年", "月", "日"))


class Sheet(Strings):
    """The rows of a sheet, handed out as they end."""

    def __init__(self, budget: list[int], strings: list[str], dates: list[bool], epoch: datetime) -> None:
        super().__init__(budget)
        self._strings, self._dates, self._epoch = strings, dates, epoch
        self.rows: list[Row] = []
        self._number, self._place, self._kind, self._date = 0, -1, "n", False
        self._cells: dict[int, Any] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._place, self._cells = -1, {}
        elif name == "c":
            self._place = _column(attributes["r"]) if "r" in attributes else self._place + 1
            self._kind = attributes.get("t", "n")
            style = int(attributes.get("s", "0"))
            self._date = self._dates[style] if style < len(self._dates) else False
        elif name == "f":
            self._keep(FORMULA)
        elif name == "v":
            self._text = []
        else:
            super().begin(name, attributes)

    def end(self, name: str) -> None:
        if name == "v" and self._text is not None:
            text, self._text = "".join(self._text), None
            if text:
                self._keep(self._value(text))
        elif name == "row":
            if any(value is FORMULA or value != "" for value in self._cells.values()):
                self.rows.append(Row(self._number, self._cells))
        else:
            super().end(name)

    def said(self, text: str) -> None:
        self._keep(text)

    def _keep(self, value: Any) -> None:
        if self._place < MOST_COLUMNS and self._cells.get(self._place) is not FORMULA:
            self._cells[self._place] = value

    def _value(self, text: str) -> Any:
        if self._kind == "s":
            return self._strings[int(text)]
        if self._kind == "b":
            return text == "1"
        if self._kind == "d":
            return datetime.fromisoformat(text)
        if self._kind != "n":
            return plain(text)
        number = float(text)
        if self._date:
            return self._epoch + timedelta(days=number)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _column(place: str) -> int:
    found = 0
    for char in place.rstrip("0123456789"):
        found = found * 26 + ord(char.upper()) - 64
    return found - 1


class Outline(Reader):
    """Where the first sheet stands, and from which day its dates count."""

    def __init__(self, budget: list[int]) -> None:
        super().__init__(budget)
        self.first, self.epoch = "", datetime(1899, 12, 30)
        self.targets: dict[str, str] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self.epoch = datetime(1904, 1, 1)
        elif name == "sheet" and not self.first:
            self.first = next((value for key, value in attributes.items() if key.endswith(" id")), "none")
        elif name == "Relationship":
            self.targets[attributes["Id"]] = attributes["Target"]
