"""Small counts: which groups may be told by themselves, so that nothing about fewer than five persons can be guessed.

Figures are told for groups that share nobody's cases, and for all of them together. What is too small is put
together with the next smallest until it no longer is; so whatever anybody adds or subtracts, he is left with whole
groups again, each of them large enough (docs/decisions/0224). The law behind it: the Personal Information Protection
Law, art. 51 and 73 (what is made anonymous), and the Open Government Information Regulations, art. 15 (privacy).
"""
from collections.abc import Iterable, Mapping, Sequence

SMALLEST = 5
"""Persons behind any number that is told, on each side of it; fewer are told together with others, or not at all."""

Sides = tuple[frozenset[str], ...]
"""The persons of a group on each side of what is told (with, without): each side nobody, or enough of them."""
Group = tuple[str, ...]


def united(groups: Mapping[str, Sides], codes: Iterable[str]) -> Sides:
    """The sides of several groups together."""
    parts = [groups[code] for code in codes]
    return tuple(frozenset().union(*side) for side in zip(*parts))


def is_safe(sides: Sides, smallest: int = SMALLEST) -> bool:
    """Whether each side is nobody, or at least ``smallest`` persons."""
    return all(not side or len(side) >= smallest for side in sides)


def partition(groups: Mapping[str, Sides], smallest: int = SMALLEST) -> list[Group]:
    """The groups as they may be told, put together where they are small; none at all where all of it is too small.

    Those who stay alone come first, by code; what was put together comes last. Groups without anybody are left out.
    """
    some = {code: sides for code, sides in groups.items() if any(sides)}
    alone = sorted((code for code in some if is_safe(some[code], smallest)), key=lambda code: (_size(some[code]), code))
    pool = sorted(set(some) - set(alone))
    while pool and not is_safe(united(some, pool), smallest):
        if not alone:
            return []
        pool.append(alone.pop(0))
    return [(code,) for code in sorted(alone)] + ([tuple(sorted(pool))] if pool else [])


def _size(sides: Sides) -> int:
    return len(frozenset().union(*sides))


def coarser(groups: Sequence[Group], facts: Mapping[str, Sides], smallest: int = SMALLEST) -> list[Group]:
    """How another figure may be told for groups that were made already: the same, or some of them put together."""
    merged = {str(place): united(facts, group) for place, group in enumerate(groups)}
    return [tuple(code for place in part for code in groups[int(place)]) for part in partition(merged, smallest)]
