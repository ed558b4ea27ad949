"""Evidence, and what is to be written so that the lines say what it says. Pure.

A line is never changed. What no longer holds is taken back by a reversing line, once; what somebody's upheld
appeal took back stays so, whatever its source goes on saying.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

SOURCE, APPEAL, HAND = "source", "appeal", "hand"
CAUSES = (SOURCE, APPEAL, HAND)
"""Why a line was written: its source says so, an upheld appeal, or somebody entered it."""


class Subject(NamedTuple):
    """An agent (account id), a unit or a department (code); the unit roots who may read it."""

    type: str
    id: str
    unit_code: str


class Wanted(NamedTuple):
    """That a fact counts for somebody: as often as ``times``, or with points of its own (tenths)."""

    kind: str
    subject: Subject
    times: int = 1
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a source says at present; nothing wanted: it holds no more. ``note`` is how people call it."""

    source_type: str
    source_id: str
    effective_at: datetime
    wanted: tuple[Wanted, ...]
    note: str = ""


class Written(NamedTuple):
    """A line as it stands: its generation ``n``, and by what it was reversed (None: it holds)."""

    id: str
    standing_id: str
    kind: str
    subject_type: str
    subject_id: str
    indicator: str
    tenths: int
    n: int
    reversed_by: str | None


class Due(NamedTuple):
    """A line to be: what of which kind for whom, how many tenths."""

    kind: str
    subject: Subject
    indicator: str
    tenths: int


class Changes(NamedTuple):
    """Lines to take back, and lines to write, each with its generation."""

    reversals: list[Written]
    additions: list[tuple[Due, int]]


def changes(written: Sequence[Written], due: Iterable[Due]) -> Changes:
    """What to write so that the lines of one source say what is due, and nothing twice."""
    wanted = {(one.kind, one.subject.type, one.subject.id): one for one in due}
    last: dict[tuple[str, str, str], Written] = {}
    for line in sorted(written, key=lambda line: line.n):
        last[line.kind, line.subject_type, line.subject_id] = line
    reversals = [
        line for key, line in last.items()
        if line.reversed_by is None and (key not in wanted or wanted[key].tenths != line.tenths)
    ]
    additions = []
    for key, one in wanted.items():
        before = last.get(key)
        if before is None:
            additions.append((one, 1))
        elif before.reversed_by == SOURCE or before.reversed_by is None and before.tenths != one.tenths:
            additions.append((one, before.n + 1))
    return Changes(reversals, additions)
