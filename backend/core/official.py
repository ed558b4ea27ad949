"""Official documents (GB/T 9704-2012) written as Word files, part after part, the same bytes for the same blocks.

A4, margins 37 mm above, 28 mm at the binding, 26 and 35 mm else: a type area of 156 × 225 mm with 22 lines of 28
characters of body text (3号仿宋); title 2号小标宋; headings 黑体 and 楷体; page numbers 4号宋体 between dashes,
outside. Fonts are declared for Chinese and Latin letters alike, with the names under which other machines have
them; none is shipped. Written by hand: a library takes minutes for a table of thousands of rows.
"""
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from backend.core import blocks, drawn
from backend.core import officialparts as parts
from backend.core.blocks import Block

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHUNK = 200


def write(file: IO[bytes], title: str, content: Iterable[Block]) -> None:
    """Write the document; its charts stand in parts of their own."""
    charts: list[drawn.Chart] = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4) as archive:
        with archive.open(_part("word/document.xml"), "w") as body:
            body.write((parts.XML + f"<w:document {parts.NAMES}><w:body>").encode())
            for text in _chunks(_written(content, charts)):
                body.write(text.encode())
            body.write((parts.SECTION + "</w:body></w:document>").encode())
        for name, text in _bound(title, charts):
            archive.writestr(_part(name), parts.XML + text)


def _part(name: str) -> ZipInfo:
    found = ZipInfo(name)
    found.compress_type = ZIP_DEFLATED
    return found


def _chunks(pieces: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) == CHUNK:
            yield "".join(held)
            held = []
    yield "".join(held)


def _written(content: Iterable[Block], charts: list[drawn.Chart]) -> Iterator[str]:
    for block in content:
        if isinstance(block, blocks.Figure):
            charts.append(block.chart)
            yield _figure(block.chart, len(charts))
        else:
            yield from _WRITERS[type(block)](block)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{drawn.safe(text)}</w:t></w:r>'


def _line(style: str, text: str, more: str = "", aside: str = "") -> str:
    """A paragraph; what stands ``aside`` comes after the style's tab stop."""
    runs = _run(text) + (f"<w:r><w:tab/></w:r>{_run(aside)}" if aside else "")
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _masthead(block: blocks.Masthead) -> Iterator[str]:
    half_points = min(72, parts.WIDTH // 10 // max(1, len(block.name)))
    sized = f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    yield (
        '<w:p><w:pPr><w:pStyle w:val="Masthead"/></w:pPr>'
        f'<w:r>{sized}<w:t xml:space="preserve">{drawn.safe(block.name)}</w:t></w:r></w:p>'
    )
    yield _line("Number", block.number)


def _title(block: blocks.Title) -> Iterator[str]:
    yield _line("Heading", block.text)


def _addressee(block: blocks.Addressee) -> Iterator[str]:
    yield _line("Addressee", block.text)


def _heading(block: blocks.Heading) -> Iterator[str]:
    yield _line(f"Heading{block.level}", block.text)


def _paragraph(block: blocks.Paragraph) -> Iterator[str]:
    yield _line("Body", block.text)


def _remark(block: blocks.Remark) -> Iterator[str]:
    yield _line("Remark", block.text)


def _table(block: blocks.Table) -> Iterator[str]:
    shares = sum(column.share for column in block.columns)
    widths = [parts.WIDTH * column.share // shares for column in block.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield _line("Caption", block.title)
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    heading = [(width, column.title, blocks.CENTRE) for width, column in zip(widths, block.columns)]
    yield f'<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{_cells(heading, "CellHeading")}</w:tr>'
    for row in block.rows:
        cells = [(width, text, column.stands) for width, text, column in zip(widths, row, block.columns)]
        yield f'<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cells(cells, "Cell")}</w:tr>'
    yield "</w:tbl>"


def _cells(cells: Iterable[tuple[int, str, str]], style: str) -> str:
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_line(style, text, _stands(stands))}</w:tc>"
        for width, text, stands in cells
    )


def _stands(where: str) -> str:
    return f'<w:jc w:val="{where}"/>'


def _figure(chart: drawn.Chart, number: int) -> str:
    across, high = 5_600_000, 2_900_000
    return (
        '<w:p><w:pPr><w:pStyle w:val="Figure"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{across}" cy="{high}"/><wp:docPr id="{number}" name="图{number}" '
        f'descr="{drawn.safe(chart.told or chart.title)}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'r:id="rIdC{number}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )


def _signed(block: blocks.Signed) -> Iterator[str]:
    yield _line("Signed", block.by, '<w:keepNext/><w:spacing w:before="579"/>')
    yield _line("Signed", blocks.chinese_day(block.on) if block.on else "（未签发）")


def _imprint(block: blocks.Imprint) -> Iterator[str]:
    """The record at the foot of the last page, between two thick lines and with a thin one inside."""
    day = f"{blocks.chinese_day(block.on)}印发" if block.on else "未签发"
    edges = '<w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/><w:insideH w:val="single" w:sz="6"/>'
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{parts.WIDTH}" w:type="dxa"/></w:tcPr>'
        f"{line}</w:tc></w:tr>"
        for line in (_line("Imprint", f"抄送：{block.copies}"), _line("Imprint", block.by, aside=day))
    )
    yield (
        '<w:tbl><w:tblPr><w:tblpPr w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="left" '
        f'w:tblpYSpec="bottom"/><w:tblW w:w="{parts.WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="{parts.WIDTH}"/></w:tblGrid>{rows}</w:tbl>'
    )
    yield '<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr></w:p>'


_WRITERS: dict[type, Callable[[Any], Iterator[str]]] = {
    blocks.Masthead: _masthead, blocks.Title: _title, blocks.Addressee: _addressee,
    blocks.Heading: _heading, blocks.Paragraph: _paragraph, blocks.Remark: _remark, blocks.Table: _table,
    blocks.Signed: _signed, blocks.Imprint: _imprint,
}

_KINDS = (
    ("styles", "styles"), ("settings", "settings"), ("fontTable", "fontTable"), ("footer1", "footer"),
    ("footer2", "footer"),
)
_TYPE = "application/vnd.openxmlformats-officedocument"


def _bound(title: str, charts: list[drawn.Chart]) -> Iterator[tuple[str, str]]:
    """What binds the parts together, and the parts beside the text."""
    yield "[Content_Types].xml", _types(len(charts))
    yield "_rels/.rels", (
        f'<Relationships xmlns="{parts.PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{parts.OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" '
        f'Type="{parts.PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
    )
    yield "word/_rels/document.xml.rels", _relations(len(charts))
    yield "docProps/core.xml", (
        f'<cp:coreProperties xmlns:cp="{parts.PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{drawn.safe(title)}</dc:title></cp:coreProperties>'
    )
    yield "word/styles.xml", parts.style_sheet()
    yield "word/settings.xml", f"<w:settings {parts.WORDS}><w:evenAndOddHeaders/></w:settings>"
    yield "word/fontTable.xml", parts.fonts()
    yield "word/footer1.xml", parts.footer("PageOdd")
    yield "word/footer2.xml", parts.footer("PageEven")
    for n, chart in enumerate(charts, 1):
        yield f"word/charts/chart{n}.xml", drawn.part(chart).partition("\n")[2]


def _types(charts: int) -> str:
    """What each part is."""
    core = "application/vnd.openxmlformats-package"
    typed = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.wordprocessingml.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), *_KINDS)
    ) + "".join(
        f'<Override PartName="/word/charts/chart{n}.xml" ContentType="{_TYPE}.drawingml.chart+xml"/>'
        for n in range(1, charts + 1)
    )
    return (
        f'<Types xmlns="{parts.PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{core}.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{typed}'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}.core-properties+xml"/></Types>'
    )


def _relations(charts: int) -> str:
    """Which parts the text refers to."""
    related = "".join(
        f'<Relationship Id="rId{"F" + name[-1] if kind == "footer" else name}" Type="{parts.OFFICE}/{kind}" '
        f'Target="{name}.xml"/>' for name, kind in _KINDS
    ) + "".join(
        f'<Relationship Id="rIdC{n}" Type="{parts.OFFICE}/chart" Target="charts/chart{n}.xml"/>'
        for n in range(1, charts + 1)
    )
    return f'<Relationships xmlns="{parts.PACKAGE}/relationships">{related}</Relationships>'
