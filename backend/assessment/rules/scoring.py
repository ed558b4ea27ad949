"""From lines to a score, and back: what each indicator comes to, and the proof of what was added up. Pure."""
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from backend.assessment.rules.schemes import Scheme, tenths


class Part(NamedTuple):
    """An indicator's share: its weight, what its lines add up to, what it comes to; ``cut`` fell to the bounds."""

    code: str
    name: str
    weight: int
    added: int
    result: int

    @property
    def cut(self) -> int:
        """What the lines say beyond nothing or beyond the most: it changes the score no more."""
        return self.result - self.weight - self.added


def parts(scheme: Scheme, sums: Mapping[str, int]) -> list[Part]:
    """Each indicator, in the scheme's order; all in tenths."""
    return [
        Part(
            one.code, one.name, one.weight, sums.get(one.code, 0),
            max(0, min(one.weight + one.most, one.weight + sums.get(one.code, 0))),
        )
        for one in scheme.indicators
    ]


def total(scheme: Scheme, sums: Mapping[str, int]) -> int:
    """The score in tenths: the sum of what the indicators come to. The order of the lines does not matter."""
    return sum(part.result for part in parts(scheme, sums))


def grade(scheme: Scheme, score: int) -> str | None:
    """The name of the first grade that the score reaches."""
    reached = (one["name"] for one in scheme.body["grades"] if score >= tenths(one["from"]))
    return next(reached, None)


def added(sums: Mapping[str, int], more: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sums with further lines (indicator and tenths) added; what is nothing is left out."""
    found = dict(sums)
    for code, count in more:
        found[code] = found.get(code, 0) + count
    return {code: count for code, count in sorted(found.items()) if count}


LINE = ("id", "kind", "tenths", "effective_at", "source_type", "source_id", "n")
"""What of a line goes into its proof, as it is stored, with bars between."""


@dataclass(slots=True)
class Count:
    """What the lines of one subject come to; ``text`` is their proof, by indicator and then in order of their ids."""

    sums: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    text: list[str] = field(default_factory=list)

    def add(self, indicator: str, added: int, lines: int, proof: str) -> None:
        """All lines of one indicator, in order of the indicators."""
        self.sums[indicator] = added
        self.lines += lines
        self.text.append(f"{indicator}\n{proof}\n")

    @property
    def digest(self) -> str:
        """SHA-256 over all lines."""
        return hashlib.sha256("".join(self.text).encode()).hexdigest()


def ranks(totals: Sequence[int]) -> list[int]:
    """Places by score, equals alike: 1, 2, 2, 4."""
    place: dict[int, int] = {}
    for number, score in enumerate(sorted(totals, reverse=True), 1):
        place.setdefault(score, number)
    return [place[score] for score in totals]


def content_sha256(scores: Iterable[tuple[str, str, int, str]]) -> str:
    """One hash over all scores of a settlement: type, id, score, proof, in order."""
    told = "\n".join("|".join(map(str, one)) for one in sorted(scores))
    return hashlib.sha256(told.encode()).hexdigest()
