"""The parts by which a sheet of a workbook shows a chart under its rows."""
from collections.abc import Iterator

from backend.core import drawn
from backend.core.drawn import Chart

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
ACROSS, HIGH = 10, 22
"""Columns and rows that a chart covers."""
REFERENCE = f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/>'
"""What stands last in a sheet that has one."""


def typed(sheets: dict[int, tuple[Chart, int]]) -> str:
    """The content types of the parts of charts, by the numbers of their sheets."""
    return "".join(
        f'<Override PartName="/xl/drawings/drawing{n}.xml" ContentType="{_TYPE}.drawing+xml"/>'
        f'<Override PartName="/xl/charts/chart{n}.xml" ContentType="{_TYPE}.drawingml.chart+xml"/>' for n in sheets
    )


def parts(sheets: dict[int, tuple[Chart, int]]) -> Iterator[tuple[str, str]]:
    """The parts themselves, without their XML heading; a chart begins two rows below the rows of its sheet."""
    for n, (chart, rows) in sheets.items():
        yield f"xl/worksheets/_rels/sheet{n}.xml.rels", _related("drawing", f"../drawings/drawing{n}.xml")
        yield f"xl/drawings/_rels/drawing{n}.xml.rels", _related("chart", f"../charts/chart{n}.xml")
        yield f"xl/drawings/drawing{n}.xml", _anchored(chart, rows + 2)
        yield f"xl/charts/chart{n}.xml", drawn.part(chart).partition("\n")[2]


def _related(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def _anchored(chart: Chart, row: int) -> str:
    def corner(name: str, column: int, line: int) -> str:
        return (
            f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{line}</xdr:row>"
            f"<xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        )

    return (
        f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"><xdr:twoCellAnchor>'
        f'{corner("from", 0, row)}{corner("to", ACROSS, row + HIGH)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="2" name="图1" descr="{drawn.safe(chart.told or chart.title)}"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{OFFICE}" r:id="rId1"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )
