"""Taking in what the sources say: lines are written or taken back until they say the same."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.assessment.actions import adding
from backend.assessment.actions.adding import Row, Writing
from backend.assessment.queries import periods, schemes, sources, subjects, written
from backend.assessment.rules import evidence as rules
from backend.assessment.rules import periods as halves
from backend.assessment.rules.evidence import Due, Evidence, Subject, Written
from backend.assessment.rules.schemes import Scheme
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org import queries as units
from backend.org import rules as tree

_MARK = "UPDATE assessment_mark SET seq = ?, begun_at = COALESCE(begun_at, ?) WHERE id = 1"


@transaction
def take_next(most: int, *, actor: Actor, now: datetime) -> bool:
    """Take in what the next ``most`` entries of the ledger are about; whether more are left."""
    mark, head = periods.marked(lock=True), sources.head()
    until = min(mark["seq"] + most, head)
    if until <= mark["seq"]:
        return False
    first = None if mark["begun_at"] else sources.first_at(mark["seq"])
    sql.execute(_MARK, (until, first))
    said = sources.said(mark["seq"], until)
    if said:
        take(said, actor=actor, now=now)
    return until < head


@transaction
def take_closing(district_code: str, period: str, *, actor: Actor, now: datetime) -> int:
    """Take in what is said of a half-year only once it is over; how many lines were written."""
    return take(sources.closing(district_code, period), actor=actor, now=now)


@transaction
def take(said: Sequence[Evidence], *, cause: str = rules.SOURCE, actor: Actor, now: datetime) -> int:
    """Bring the lines up to what is said; how many lines were written."""
    taking = _Taking(actor.id, cause, now)
    taking.prepare(said)
    for one in said:
        taking.compare(one)
    return taking.writing.done()


@dataclass
class _Taking:
    """One pass: what is held, what stands written, and what is being written."""

    made_by: str
    cause: str
    now: datetime
    held: dict[tuple[str, str], Row] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[Written]] = field(default_factory=dict)
    standings: dict[str, Row] = field(default_factory=dict)
    known: dict[tuple[str, str, str, str], Row] = field(default_factory=dict)
    names: dict[Subject, tuple[Subject, str]] = field(default_factory=dict)
    schemes: dict[tuple[str, str], Scheme] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writing = Writing(self.made_by, self.now)
        self.begun = periods.begun()

    def prepare(self, said: Iterable[Evidence]) -> None:
        """Hold the half-years, then read what stands written of these sources."""
        some = list(said)
        self.held = periods.held(units.districts())
        self.lines = written.of_sources({(one.source_type, one.source_id) for one in some})
        self.standings = written.by_id({line.standing_id for lines in self.lines.values() for line in lines})
        asked = {wanted.subject for one in some for wanted in one.wanted}
        self.names = subjects.named(asked)
        for district in {tree.district_of(subject.unit_code) for subject in asked}:
            ones = {
                (period, subject) for subject in asked for period in self._periods(some, district)
                if tree.district_of(subject.unit_code) == district
            }
            self.known |= written.standings(ones, district)

    def _periods(self, said: Iterable[Evidence], district: str) -> set[str]:
        found = {self._period(one, district) for one in said}
        return {period for period in found if period is not None}

    def _period(self, said: Evidence, district: str) -> str | None:
        """Where it counts: where its lines stand already, else by its date; None before anything counts here."""
        before = self.lines.get((said.source_type, said.source_id))
        if before:
            return str(self.standings[before[0].standing_id]["period"])
        if self.begun is None:
            return None
        settled = frozenset(
            period for (code, period), row in self.held.items() if code == district and row["state"] != halves.OPEN
        )
        on, today = clock.local_date(said.effective_at), clock.local_date(self.now)
        return halves.counting(on, today, settled, self.begun)

    def compare(self, said: Evidence) -> None:
        """Write what lacks and take back what holds no more."""
        due: dict[tuple[str, str, str], tuple[Due, str]] = {}
        for wanted in said.wanted:
            district = tree.district_of(wanted.subject.unit_code)
            period = self._period(said, district)
            event = period and self._scheme(district, period).events.get(wanted.kind)
            if not event or wanted.subject.type not in event.to or wanted.subject not in self.names:
                continue
            count = event.tenths * wanted.times if wanted.own is None else wanted.own
            subject = self.names[wanted.subject][0]
            due[wanted.kind, subject.type, subject.id] = Due(wanted.kind, subject, event.indicator, count), str(period)
        source = said.source_type, said.source_id
        found = rules.changes(self.lines.get(source, ()), [one for one, _ in due.values()])
        for line in found.reversals:
            standing = self.standings[line.standing_id]
            self.writing.reverse(standing, source, line, said.effective_at, self.cause, said.note[:200] or None)
        for one, n in found.additions:
            standing = self._standing(one.subject, due[one.kind, one.subject.type, one.subject.id][1])
            self.writing.write(standing, said, one, n, self.cause)

    def _scheme(self, district: str, period: str) -> Scheme:
        key = district, period
        if key not in self.schemes:
            if key not in self.held:
                self.held[key] = adding.begin(district, period, self.now)
            self.schemes[key] = schemes.numbered(district, self.held[key]["scheme_number"])
        return self.schemes[key]

    def _standing(self, subject: Subject, period: str) -> Row:
        """The subject's standing, a new one where there is none yet."""
        district = tree.district_of(subject.unit_code)
        key = period, subject.type, subject.id, district
        if key not in self.known:
            name = next(name for found, name in self.names.values() if found == subject)
            made = adding.stand(subject, name, district, period, self.now)
            adding.store([made])
            self.known[key] = made
        found: dict[str, Any] = self.known[key]
        return self.standings.setdefault(found["id"], found)
