"""Where a graph's procedures stand in its picture: columns by stage and depth, lines so that few arrows cross. Pure.

The layered method of Sugiyama, Tagawa and Toda (1981): an arrow over several columns passes each in a lane of its own,
which all arrows from the same procedure share; each column is ordered by the mean place of its neighbours.
"""
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from backend.projects.rules import graph

LANE = 0.34
SWEEPS = 12
Item = tuple[str, int]
"""A procedure in its own column, or the lane of its arrows in a later one."""


class Place(NamedTuple):
    """Of a procedure: its column, its rank among the procedures of the column, its height in lines."""

    column: int
    line: int
    height: float


class Layout(NamedTuple):
    """Places by code; of each arrow the lanes that it passes, as (column, height)."""

    places: dict[str, Place]
    routes: dict[tuple[str, str], list[tuple[int, float]]]


def laid(
    arrows: graph.Arrows, stages: Mapping[str, str], stage_order: Sequence[str], critical: Sequence[str] = ()
) -> Layout:
    """The layout of a graph; the same for the same graph."""
    columns = _columns(arrows, stages, stage_order)
    lefts = _lefts(arrows, columns)
    rights: dict[Item, list[Item]] = {item: [] for item in lefts}
    for item, others in lefts.items():
        for other in others:
            rights[other].append(item)
    layers: list[list[Item]] = [[] for _ in range(max(columns.values()) + 1)]
    for item in lefts:
        layers[item[1]].append(item)
    _ordered(layers, lefts, rights)
    heights = _heights(layers, lefts, rights, columns, frozenset(critical))
    top = min(heights.values())
    heights = {item: height - top for item, height in heights.items()}
    places = {}
    for layer in layers:
        for line, item in enumerate(each for each in layer if _is_real(each, columns)):
            places[item[0]] = Place(item[1], line, heights[item])
    return Layout(places, {
        (before, code): [(at, heights[before, at]) for at in range(columns[before] + 1, columns[code])]
        for code, others in arrows.items() for before in others
    })


def _columns(arrows: graph.Arrows, stages: Mapping[str, str], stage_order: Sequence[str]) -> dict[str, int]:
    """A stage begins behind the one before it, a procedure behind those it waits for."""
    found: dict[str, int] = {}
    ordered, begins = graph.order(arrows), 0
    for stage in stage_order:
        for code in ordered:
            if stages[code] == stage:
                before = [found[other] + 1 for other in arrows[code] if other in found]
                found[code] = max([begins, *before])
        begins = max([begins, *(found[code] + 1 for code in found)])
    for code in ordered:
        found[code] = max([found.get(code, begins), *(found[other] + 1 for other in arrows[code])])
    return found


def _is_real(item: Item, columns: Mapping[str, int]) -> bool:
    return columns[item[0]] == item[1]


def _lefts(arrows: graph.Arrows, columns: Mapping[str, int]) -> dict[Item, list[Item]]:
    """Of each item, those of the column before it that it hangs on."""
    reach = dict(columns)
    for code, before in arrows.items():
        for other in before:
            reach[other] = max(reach[other], columns[code] - 1)
    found: dict[Item, list[Item]] = {
        (code, columns[code]): [(other, columns[code] - 1) for other in dict.fromkeys(before)]
        for code, before in arrows.items()
    }
    for code, last in reach.items():
        for at in range(columns[code] + 1, last + 1):
            found[code, at] = [(code, at - 1)]
    return found


Links = Mapping[Item, Sequence[Item]]


def _ordered(layers: list[list[Item]], lefts: Links, rights: Links) -> None:
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        links = lefts if forward else rights
        for layer in layers if forward else layers[::-1]:
            rank = {item: n / max(1, len(each) - 1) for each in layers for n, item in enumerate(each)}
            layer.sort(key=lambda item: (_mean([rank[other] for other in links[item]], rank[item]), item))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return round(sum(values) / len(values), 6) if values else otherwise


def _heights(
    layers: list[list[Item]], lefts: Links, rights: Links, columns: Mapping[str, int], critical: frozenset[str]
) -> dict[Item, float]:
    """Each item near the mean of its neighbours, as far as those above and below it in its column allow."""
    heights = dict.fromkeys(lefts, 0.0)
    for layer in layers:
        heights |= dict(zip(layer, _apart(layer, [0.0] * len(layer), columns, critical)))
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = [_wanted(item, [*lefts[item], *rights[item]], heights, critical) for item in layer]
            heights |= dict(zip(layer, _apart(layer, wanted, columns, critical)))
    return heights


def _wanted(item: Item, others: Sequence[Item], heights: Mapping[Item, float], critical: frozenset[str]) -> float:
    """Where an item would stand alone; what decides the end pulls harder, so that it runs straight."""
    weights = [8 if item[0] in critical and other[0] in critical else 1 for other in others]
    if not others:
        return heights[item]
    return sum(heights[other] * weight for other, weight in zip(others, weights)) / sum(weights)


def _apart(
    layer: Sequence[Item], wanted: Sequence[float], columns: Mapping[str, int], critical: frozenset[str]
) -> list[float]:
    """The heights nearest to those wanted that keep the items apart: least squares, by pooling adjacent violators."""
    offsets, weights = [0.0], [_weight(item, critical) for item in layer]
    for above, below in zip(layer, layer[1:]):
        both = [_is_real(each, columns) for each in (above, below)]
        offsets.append(offsets[-1] + (1.0 if all(both) else 0.5 + LANE / 2 if any(both) else LANE))
    pools: list[tuple[float, float, int]] = []
    for want, offset, weight in zip(wanted, offsets, weights):
        mean, heavy, count = want - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other, more, others = pools.pop()
            mean, heavy, count = (mean * heavy + other * more) / (heavy + more), heavy + more, count + others
        pools.append((mean, heavy, count))
    bases = [mean for mean, _, count in pools for _ in range(count)]
    return [round(base + offset, 4) for base, offset in zip(bases, offsets)]


def _weight(item: Item, critical: frozenset[str]) -> float:
    return 8.0 if item[0] in critical else 1.0
