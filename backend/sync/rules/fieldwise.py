"""Merging field by field: what a phone changed, into what others changed meanwhile (rules 9). Pure.

Nothing is overwritten that the phone has not seen: a field that both changed, differently, is a conflict, which a
person decides; the other fields are taken.
"""
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

Values = Mapping[str, Any]


class Merged(NamedTuple):
    """The fields to take, and for each in conflict what the phone saw, what stands, and what it wants."""

    taken: dict[str, Any]
    conflicts: dict[str, dict[str, Any]]


def fields(
    present: Values, wanted: Values, base: Values, *, edited: Collection[str] | None,
    masks: Mapping[str, Callable[[str], str]],
) -> Merged:
    """Merge plain values.

    ``edited`` names the fields that somebody else has changed since the version the phone saw; None where that is
    not known any more. Then ``base`` decides alone: as it stands, or masked, as the phone may have had it.
    """
    taken: dict[str, Any] = {}
    conflicts: dict[str, dict[str, Any]] = {}
    for name, value in wanted.items():
        if value == present.get(name):
            continue
        if _unchanged(name, present.get(name), base, edited, masks):
            taken[name] = value
        else:
            conflicts[name] = {"base": base.get(name), "server": present.get(name), "device": value}
    return Merged(taken, conflicts)


def _unchanged(
    name: str, stands: Any, base: Values, edited: Collection[str] | None, masks: Mapping[str, Callable[[str], str]]
) -> bool:
    if edited is not None and name not in edited:
        return True
    if name in base and base[name] == stands:
        return True
    masked = masks.get(name)
    return (
        edited is None and masked is not None and isinstance(stands, str) and base.get(name) == masked(stands)
    )


def papers(present: Values, told: list[dict[str, Any]], base: Values, *, moved: bool) -> Merged:
    """Merge papers by their names; values are ``{"received", "deferred_until"}``, ``taken`` is what to lay.

    ``moved``: the errand has changed since the phone saw it. Without a base a paper that came in is taken: nobody
    loses anything by it. Names that the errand does not have are taken too, so that the action refuses them.
    """
    taken: dict[str, Any] = {}
    conflicts: dict[str, dict[str, Any]] = {}
    for paper in told:
        name = paper["name"]
        stands, wants = present.get(name), state_of(paper)
        if stands is None or not moved:
            taken[name] = paper
        elif stands == wants:
            if paper.get("undertaking_file"):
                taken[name] = paper
        elif base[name] == stands if name in base else wants["received"]:
            taken[name] = paper
        else:
            conflicts[name] = {"base": base.get(name), "server": stands, "device": wants | _undertaking(paper)}
    return Merged(taken, conflicts)


def state_of(paper: Values) -> dict[str, Any]:
    """How a paper stands: there, or until when it may come later."""
    received = bool(paper["received"])
    return {"received": received, "deferred_until": None if received else paper.get("deferred_until")}


def _undertaking(paper: Values) -> dict[str, Any]:
    file_id = paper.get("undertaking_file")
    return {"undertaking_file": file_id} if file_id else {}
