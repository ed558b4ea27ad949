"""A project's graph as SVG for people: by stages, state by colour and shape, critical path marked. Pure."""
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from backend.projects.rules import layout, states

WIDE, HIGH, GAP, LINE, MARGIN, HEAD = 154, 70, 44, 88, 24, 112
NAME_CHARS, DEPARTMENT_CHARS = 10, 13
CRITICAL, PLAIN_ARROW = "#c62828", "#9aa5b1"

DEEMED, OBJECTED = "deemed", "objected"
_LOOKS = {
    states.BLOCKED: ("#f2f4f6", "#7b8794", "待前置"),
    states.OPEN: ("#e3f2fd", "#1565c0", "可送件"),
    states.SERVED: ("#fff8e1", "#b26a00", "办理中"),
    states.SUSPENDED: ("#ede7f6", "#5e35b1", "已暂停"),
    states.FINISHED: ("#e8f5e9", "#2e7d32", "已办结"),
    DEEMED: ("#f1f8e9", "#6d6f00", "视为同意（非批准）"),
    OBJECTED: ("#fce4ec", "#ad1457", "不同意"),
}
_SHAPES = {
    states.BLOCKED: '<rect x="-6" y="-6" width="12" height="12" fill="none" stroke-dasharray="3 2"/>',
    states.OPEN: '<circle r="6" fill="none"/>',
    states.SERVED: '<path d="M-5-6L7 0L-5 6Z" fill="{0}"/>',
    states.SUSPENDED: '<path d="M-4-6V6M4-6V6" fill="none" stroke-width="4"/>',
    states.FINISHED: '<circle r="7" fill="{0}"/><path d="M-3.5 0L-1 3L4-3" fill="none" stroke="#fff"/>',
    DEEMED: '<path d="M0-7L7 0L0 7L-7 0Z" fill="none" stroke-dasharray="3 2"/><circle r="2" fill="{0}"/>',
    OBJECTED: '<path d="M-5-5L5 5M5-5L-5 5" fill="none" stroke-width="3"/>',
}
_STYLE = """
text{font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;fill:#1f2933}
.title{font-size:20px;font-weight:600}.small{font-size:12px}.stage{font-size:15px;font-weight:600;fill:#52606d}
.code{font-size:11px;font-weight:600}.name{font-size:13px}.department,.day{font-size:10.5px;fill:#52606d}
.mark{stroke-width:2}
"""


def drawn(graph: dict[str, Any]) -> str:
    """The picture of a graph of ``queries.graphs``, which is laid out anew with its critical path drawn straight."""
    nodes = {node["code"]: node for node in graph["nodes"]}
    arrows: dict[str, list[str]] = {code: [] for code in nodes}
    for edge in graph["edges"]:
        arrows[edge["to"]].append(edge["from"])
    found = layout.laid(
        arrows, {code: node["stage"] for code, node in nodes.items()}, [stage["code"] for stage in graph["stages"]],
        graph["critical_path"],
    )
    wide = 2 * MARGIN + (max(place.column for place in found.places.values()) + 1) * (WIDE + GAP) - GAP
    lanes = [height for way in found.routes.values() for _, height in way]
    deep = max([place.height for place in found.places.values()] + lanes)
    high = round(HEAD + deep * LINE + HIGH + 2 * MARGIN)
    wide = max(wide, 900)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" lang="zh-CN"><title>{_text(graph["name"])} 审批流程图</title><style>{_STYLE}</style>{_ARROWHEADS}'
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        *_head(graph), *_bands(graph, found, high), *_edges(graph, found),
        *(_node(nodes[code], place) for code, place in found.places.items()), "</svg>",
    ]
    return "".join(parts)


_ARROWHEADS = "<defs>" + "".join(
    f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" '
    f'markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8Z" fill="{colour}"/></marker>'
    for name, colour in (("plain", PLAIN_ARROW), ("critical", CRITICAL))
) + "</defs>"


def _head(graph: dict[str, Any]) -> Iterator[str]:
    yield f'<text class="title" x="{MARGIN}" y="34">{_text(graph["name"])}</text>'
    told = f"预计办结 {graph['forecast_on']} · 关键线路 {graph['critical_path_working_days']} 个工作日"
    yield f'<text class="small" x="{MARGIN}" y="56">{told}</text>'
    across = MARGIN + 8
    for look, (_, colour, name) in _LOOKS.items():
        yield _mark(look, across, 76) + f'<text class="small" x="{across + 14}" y="80" fill="{colour}">{name}</text>'
        across += 34 + 13 * len(name)
    yield (
        f'<path d="M{across} 76h30" stroke="{CRITICAL}" stroke-width="3"/>'
        f'<text class="small" x="{across + 36}" y="80">关键线路（浮时为 0）</text>'
    )


def _mark(look: str, x: float, y: float) -> str:
    colour = _LOOKS[look][1]
    return f'<g class="mark" transform="translate({x} {y})" stroke="{colour}">{_SHAPES[look].format(colour)}</g>'


def _left(column: int) -> int:
    return MARGIN + column * (WIDE + GAP)


def _middle(height: float) -> float:
    return round(HEAD + MARGIN + height * LINE + HIGH / 2, 1)


def _bands(graph: dict[str, Any], found: layout.Layout, high: int) -> Iterator[str]:
    for number, stage in enumerate(graph["stages"]):
        columns = [found.places[node["code"]].column for node in graph["nodes"] if node["stage"] == stage["code"]]
        if columns:
            left, right = _left(min(columns)) - GAP / 2, _left(max(columns)) + WIDE + GAP / 2
            shade = ("#f7f9fb", "#eef2f6")[number % 2]
            yield (
                f'<rect x="{left}" y="92" width="{right - left}" height="{high - 100}" fill="{shade}"/>'
                f'<text class="stage" x="{left + 12}" y="112">{_text(stage["name"])}</text>'
            )


def _edges(graph: dict[str, Any], found: layout.Layout) -> Iterator[str]:
    for edge in sorted(graph["edges"], key=lambda each: each["critical"]):
        start, end = found.places[edge["from"]], found.places[edge["to"]]
        at, height = _left(start.column) + WIDE, _middle(start.height)
        path = [f"M{at} {height}"]
        for column, lane in found.routes[edge["from"], edge["to"]]:
            path.append(_curve(at, height, _left(column), _middle(lane)) + f"H{_left(column) + WIDE}")
            at, height = _left(column) + WIDE, _middle(lane)
        path.append(_curve(at, height, _left(end.column) - 1, _middle(end.height)))
        kind, colour, width = ("critical", CRITICAL, 2.6) if edge["critical"] else ("plain", PLAIN_ARROW, 1.3)
        yield (
            f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{width}" '
            f'marker-end="url(#{kind})"/>'
        )


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = round((x + to_x) / 2, 1)
    return f"C{half} {y} {half} {to_y} {to_x} {to_y}"


def look_of(node: dict[str, Any]) -> str:
    """How a procedure looks: its state, but a deemed consent and an objection are told apart from a decision."""
    if node["outcome"] in states.DEEMED:
        return DEEMED
    return OBJECTED if node["outcome"] == states.OBJECTED else str(node["state"])


def _node(node: dict[str, Any], place: layout.Place) -> str:
    look = look_of(node)
    fill, colour, told = _LOOKS[look]
    border, width = (CRITICAL, 3) if node["critical"] else (colour, 1.4)
    dashed = ' stroke-dasharray="5 3"' if look in (states.BLOCKED, DEEMED) else ""
    name = node["name"]
    lines = [name[:NAME_CHARS], name[NAME_CHARS:]]
    if len(lines[1]) > NAME_CHARS:
        lines[1] = lines[1][: NAME_CHARS - 1] + "…"
    texts = [
        f'<text class="code" x="24" y="16">{_text(node["code"])}</text>'
        f'<text class="day" x="{WIDE - 7}" y="16" text-anchor="end">{_days(node)}</text>',
        *(f'<text class="name" x="8" y="{32 + 15 * n}">{_text(line)}</text>' for n, line in enumerate(lines) if line),
        f'<text class="department" x="8" y="{HIGH - 7}">{_text(_short(node["lead_department_name"]))}</text>',
    ]
    float_told = f"浮时 {node['float_working_days']} 个工作日"
    title = f"{node['code']} {name} · {told} · {node['lead_department_name']} · {float_told}"
    return (
        f'<g transform="translate({_left(place.column)} {round(_middle(place.height) - HIGH / 2, 1)})">'
        f'<title>{_text(title)}</title><rect width="{WIDE}" height="{HIGH}" rx="6" fill="{fill}" stroke="{border}" '
        f'stroke-width="{width}"{dashed}/>{_mark(look, 13, 12)}{"".join(texts)}</g>'
    )


def _days(node: dict[str, Any]) -> str:
    day: date = node["finishes_on"]
    return f"{node['limit_working_days']}日 · {day.month}/{day.day}"


def _short(text: str) -> str:
    return text if len(text) <= DEPARTMENT_CHARS else text[: DEPARTMENT_CHARS - 1] + "…"


def _text(text: str) -> str:
    return escape(text, {'"': "&quot;"})
