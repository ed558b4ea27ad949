"""A line chart, said once and drawn twice: as SVG for pages, as a DrawingML part for Word and Excel. Pure.

Each line has a colour *and* a shape, so that it can be told apart without colours. Fonts are named, not shipped.
"""
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 880, 440
LEFT, TOP, RIGHT, BOTTOM = 64, 58, 24, 78
SANS = "Source Han Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, SimHei, sans-serif"
INK, SOFT, GRID = "#1f2a33", "#5b6b77", "#d9e0e4"
_ODD = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and line ends."""
CIRCLE, SQUARE, DIAMOND, TRIANGLE = "circle", "square", "diamond", "triangle"


@dataclass(frozen=True, slots=True)
class Line:
    """Values in percent, one a category; gaps (None) are bridged. ``colour`` is six hexadecimal digits.

    A ``dashed`` line leads to its last point, which alone is marked.
    """

    name: str
    values: Sequence[float | None]
    colour: str
    shape: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of percentages over the same categories; ``told`` says in words what is to be seen."""

    title: str
    categories: Sequence[str]
    lines: Sequence[Line]
    told: str = ""


def svg(chart: Chart) -> str:
    """The chart as an SVG document, which needs no style sheet and holds no script."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" font-family="{SANS}" font-size="13" fill="{INK}">',
        f"<title>{safe(chart.title)}</title><desc>{safe(chart.told)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{WIDTH // 2}" y="30" font-size="18" font-weight="700" text-anchor="middle">'
        f"{safe(chart.title)}</text>",
        *_scale(), *_weeks(chart.categories),
    ]
    for line in chart.lines:
        parts += _drawn(line, len(chart.categories))
    parts += _legend(chart.lines)
    return "".join([*parts, "</svg>"])


def safe(text: str) -> str:
    """The text as one line of XML."""
    return escape(_ODD.sub(" ", text))


def _x(place: int, count: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / max(1, count), 1)


def _y(value: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(value, 100.0) / 100), 1)


def _scale() -> Iterator[str]:
    for value in range(0, 101, 20):
        y = _y(value)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="{SOFT if value == 0 else GRID}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" fill="{SOFT}">{value}%</text>'


def _weeks(categories: Sequence[str]) -> Iterator[str]:
    step = max(1, -(-len(categories) // 13))
    for place in range(0, len(categories), step):
        x = _x(place, len(categories))
        yield (
            f'<text x="{x}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="{SOFT}">'
            f"{safe(categories[place])}</text>"
        )


def _drawn(line: Line, count: int) -> Iterator[str]:
    points = [(_x(place, count), _y(value)) for place, value in enumerate(line.values) if value is not None]
    if not points:
        return
    if len(points) > 1:
        dash = ' stroke-dasharray="7 5"' if line.dashed else ""
        way = " ".join(f"{x},{y}" for x, y in points)
        yield f'<polyline points="{way}" fill="none" stroke="#{line.colour}" stroke-width="2"{dash}/>'
    for x, y in points[-1:] if line.dashed else points:
        yield _mark(line, x, y)
    x, y = points[-1]
    last = next(value for value in reversed(line.values) if value is not None)
    anchor = "end" if x > WIDTH - 90 else "middle"
    yield (
        f'<text x="{x}" y="{y - 10}" text-anchor="{anchor}" font-weight="700" fill="#{line.colour}">{last:.1f}%</text>'
    )


def _mark(line: Line, x: float, y: float) -> str:
    paint = f'fill="{"#ffffff" if line.dashed else "#" + line.colour}" stroke="#{line.colour}" stroke-width="1.5"'
    if line.shape == CIRCLE:
        return f'<circle cx="{x}" cy="{y}" r="4" {paint}/>'
    corners = {
        SQUARE: ((-4, -4), (4, -4), (4, 4), (-4, 4)), DIAMOND: ((0, -6), (6, 0), (0, 6), (-6, 0)),
        TRIANGLE: ((0, -6), (6, 5), (-6, 5)),
    }[line.shape]
    way = " ".join(f"{round(x + dx, 1)},{round(y + dy, 1)}" for dx, dy in corners)
    return f'<polygon points="{way}" {paint}/>'


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    room = (WIDTH - LEFT - RIGHT) / max(1, len(lines))
    for place, line in enumerate(lines):
        x, y = round(LEFT + room * place + 4, 1), HEIGHT - 24
        dash = ' stroke-dasharray="7 5"' if line.dashed else ""
        yield f'<line x1="{x}" y1="{y}" x2="{x + 30}" y2="{y}" stroke="#{line.colour}" stroke-width="2"{dash}/>'
        yield _mark(line, x + 15, y)
        yield f'<text x="{x + 38}" y="{y + 5}">{safe(line.name)}</text>'


_NAMES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_FONT = '<a:latin typeface="宋体"/><a:ea typeface="宋体"/>'


def part(chart: Chart) -> str:
    """The chart as a DrawingML part with its values inside, so that it shows without a workbook behind it."""
    lines = "".join(_series(place, line, chart.categories) for place, line in enumerate(chart.lines))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_NAMES}>'
        '<c:roundedCorners val="0"/><c:chart>'
        f"<c:title>{_words(chart.title, 1400, bold=True)}<c:overlay val=\"0\"/></c:title>"
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:lineChart><c:grouping val="standard"/>'
        f'<c:varyColors val="0"/>{lines}<c:marker val="1"/><c:axId val="101"/><c:axId val="102"/></c:lineChart>'
        f"{_axes(len(chart.categories))}</c:plotArea>"
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text_of(1000)}</c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="span"/></c:chart>'
        f"{_text_of(1000)}</c:chartSpace>"
    )


def _words(text: str, size: int, bold: bool = False) -> str:
    return (
        f'<c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}"/></a:pPr>'
        f'<a:r><a:rPr lang="zh-CN" sz="{size}" b="{int(bold)}">{_FONT}</a:rPr><a:t>{safe(text)}</a:t></a:r>'
        "</a:p></c:rich></c:tx>"
    )


def _text_of(size: int) -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}">{_FONT}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _series(place: int, line: Line, categories: Sequence[str]) -> str:
    count = len(categories)
    names = "".join(f'<c:pt idx="{n}"><c:v>{safe(name)}</c:v></c:pt>' for n, name in enumerate(categories))
    values = "".join(
        f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(line.values) if value is not None
    )
    paint = f'<a:solidFill><a:srgbClr val="{line.colour}"/></a:solidFill>'
    inner = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>' if line.dashed else paint
    dash = '<a:prstDash val="dash"/>' if line.dashed else ""
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:v>{safe(line.name)}</c:v></c:tx>'
        f'<c:spPr><a:ln w="22225">{paint}{dash}</a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{line.shape}"/><c:size val="7"/>'
        f"<c:spPr>{inner}<a:ln>{paint}</a:ln></c:spPr></c:marker>"
        f'<c:cat><c:strLit><c:ptCount val="{count}"/>{names}</c:strLit></c:cat>'
        f'<c:val><c:numLit><c:formatCode>0.0</c:formatCode><c:ptCount val="{count}"/>{values}</c:numLit></c:val>'
        '<c:smooth val="0"/></c:ser>'
    )


def _axes(count: int) -> str:
    step = max(1, -(-count // 13))
    return (
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_text_of(900)}<c:crossAx val="102"/>'
        f'<c:tickLblSkip val="{step}"/><c:tickMarkSkip val="{step}"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/><c:min val="0"/>'
        '</c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill>'
        '<a:srgbClr val="D9E0E4"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        '<c:numFmt formatCode="0&quot;%&quot;" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_text_of(900)}<c:crossAx val="101"/>'
        '<c:crossBetween val="between"/><c:majorUnit val="20"/></c:valAx>'
    )
