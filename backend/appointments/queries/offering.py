"""What a unit offers now: its rules, the calendar as it stands for it, and whether a day was laid from them."""
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.appointments.rules import horizon, laying
from backend.appointments.rules.offer import Offer, Service, offer_of
from backend.clocks import queries as calendars
from backend.clocks.queries import Present
from backend.core import sql
from backend.org import rules as tree

STAMPS = """
COALESCE((SELECT s.version FROM roster_stamp s WHERE s.unit_code = u.code), 0) AS roster,
(SELECT c.version FROM calendar_stamp c WHERE c.id = 1) AS calendar, u.valid_from_on, u.valid_to_on
"""
_OFFERED = f"""
SELECT r.body, r.number, {STAMPS}, d.rules_number, d.roster_stamp, d.kind
FROM booking_rules r JOIN unit u ON u.code = r.unit_code
LEFT JOIN cell_day d ON d.unit_code = r.unit_code AND d.day_on = ? WHERE r.unit_code = ?
"""


@dataclass(frozen=True, slots=True)
class Offering:
    """The rules of one unit under the calendar that holds for it; ``roster`` is 0 where no roster counts."""

    unit_code: str
    offer: Offer
    roster: int
    present: Present
    closed: frozenset[date]
    valid_from: date | None
    valid_to: date | None

    def kind(self, day: date) -> str:
        """The kind of a day at this unit: closed, or as in the calendar."""
        if day in self.closed or not tree.in_office(self.valid_from, self.valid_to, day):
            return laying.CLOSED
        return self.present.calendar.kind(day)

    def is_laid(self, day: date, rules_number: int | None, roster_stamp: int | None, kind: str | None) -> bool:
        """Whether a day with these stamps was laid from what holds now."""
        return rules_number == self.offer.number and roster_stamp == self.roster and kind == self.kind(day)

    def check(self, service: Service, day: date, minute: int, now: datetime) -> None:
        """NotYetOpen or CutoffPassed where the service cannot be booked ``now`` for that day and minute."""
        horizon.check(self.offer, service.cutoff, day, minute, self.present.calendar, self.closed, now)

    def closes_at(self, service: Service, day: date, minute: int) -> datetime:
        """The instant from which on the service is refused for that day and minute."""
        return horizon.closes_at(service.cutoff, day, minute, self.present.calendar, self.closed)


def of_row(unit_code: str, row: dict[str, Any]) -> Offering:
    """The offering of a row with the rules and STAMPS."""
    offer, present = offer_of(row["body"], row["number"]), calendars.present(row["calendar"])
    roster = row["roster"] if offer.roster_required else 0
    closed = present.closed(unit_code)
    return Offering(unit_code, offer, roster, present, closed, row["valid_from_on"], row["valid_to_on"])


def offered(unit_code: str, day_on: date) -> tuple[Offering, bool] | None:
    """What a unit offers, and whether that day is laid from it; None where it has no rules. One statement."""
    row = sql.row(_OFFERED, (day_on.isoformat(), unit_code))
    if row is None:
        return None
    found = of_row(unit_code, row)
    return found, found.is_laid(day_on, row["rules_number"], row["roster_stamp"], row["kind"])
