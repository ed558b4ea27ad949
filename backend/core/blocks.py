"""What a document says, block after block; Word and the web page are two renderings of it. Pure."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from backend.core.drawn import Chart

LEFT, CENTRE, RIGHT = "left", "center", "right"


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who publishes (版头), the number of the document, what is to be known of its standing."""

    kind: ClassVar[str] = "masthead"
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Title:
    kind: ClassVar[str] = "title"
    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom it goes (主送机关)."""

    kind: ClassVar[str] = "addressee"
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is 一、, 2 is （一）."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Small print: what figures rest on."""

    kind: ClassVar[str] = "remark"
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its part of the width, where its cells stand."""

    title: str
    share: int
    stands: str = LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words; the heading is repeated on each page."""

    kind: ClassVar[str] = "table"
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    kind: ClassVar[str] = "figure"
    chart: Chart


@dataclass(frozen=True, slots=True)
class Signed:
    """Who issued it and when (署名、成文日期); no day: a draft."""

    kind: ClassVar[str] = "signed"
    by: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Imprint:
    """To whom copies go, who prints and when (版记)."""

    kind: ClassVar[str] = "imprint"
    copies: str
    by: str
    on: date | None


Block = Masthead | Title | Addressee | Heading | Paragraph | Remark | Table | Figure | Signed | Imprint


def chinese_day(day: date) -> str:
    """``2026年9月28日``, as official documents write a day: without leading noughts."""
    return f"{day.year}年{day.month}月{day.day}日"
