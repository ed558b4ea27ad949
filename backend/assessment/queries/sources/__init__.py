"""Where evidence comes from: each source reads the ledger's entries of its acts, and then its own rows.

A source has ``ACTIONS``, the acts after which it is to be asked, and ``evidence(entries)``, what it says of the
subjects of those entries at present. Rooms below know nothing of the assessment.
"""
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from backend.assessment.queries.sources import cards, findings, inspections, reports, supervision, voice
from backend.assessment.rules.evidence import Evidence
from backend.core import ledger, sql

Entry = dict[str, Any]


class Source(NamedTuple):
    """The acts of a room, and what it says after them."""

    actions: frozenset[str]
    evidence: Callable[[Sequence[Entry]], list[Evidence]]


SOURCES = tuple(Source(each.ACTIONS, each.evidence) for each in (cards, findings, reports, supervision, inspections))
ACTIONS = tuple(sorted(frozenset().union(*(source.actions for source in SOURCES))))
_ENTRIES = f"""
SELECT seq, action, subject_type, subject_id FROM ledger_entry
WHERE seq > ? AND seq <= ? AND action IN ({', '.join('?' * len(ACTIONS))}) ORDER BY seq
"""
_FIRST = "SELECT recorded_at FROM ledger_entry WHERE seq > ? ORDER BY seq LIMIT 1"


def said(after: int, until: int) -> list[Evidence]:
    """What the sources say of all that the ledger's entries between two numbers are about."""
    entries = sql.plain(_ENTRIES, (after, until, *ACTIONS))
    found: list[Evidence] = []
    for source in SOURCES:
        own = [entry for entry in entries if entry["action"] in source.actions]
        if own:
            found += source.evidence(own)
    return found


def closing(district_code: str, period: str) -> list[Evidence]:
    """What is said of a half-year only once it is over, so that nothing shows before."""
    return voice.closing(district_code, period)


def head() -> int:
    """The number of the ledger's last entry."""
    return ledger.head()[0]


def first_at(after: int) -> int | None:
    """When the next entry was recorded, microseconds; None where there is none yet."""
    found: int | None = sql.value(_FIRST, (after,))
    return found
