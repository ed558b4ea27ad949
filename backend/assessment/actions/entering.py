"""A supervisor enters what no room knows of: nobody at the window, a letter of praise; and what shows it."""
from datetime import date, datetime
from typing import Any

from backend.assessment.actions import taking, telling
from backend.assessment.queries import periods, schemes, standings
from backend.assessment.rules import evidence as rules
from backend.assessment.rules import periods as halves
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.assessment.rules.kinds import ENTERED, KINDS, OWN_POINTS
from backend.assessment.rules.schemes import Event, points, tenths
from backend.core import clock, ids, sql
from backend.core.actor import Actor
from backend.core.problems import IllegalMove, invalid
from backend.core.transaction import transaction

_WRITTEN = "SELECT id FROM evidence_line WHERE source_type = 'entry' AND source_id = ?"


@transaction
def enter(
    period: str, standing_id: str, *, kind: str, basis: str, happened_on: date, given: float | None, actor: Actor,
    now: datetime,
) -> str:
    """Enter a line by hand; its id. NotFound, IllegalMove once the half-year is settled, Invalid of sense."""
    found = standings.row(period, standing_id, actor)
    half = periods.row(found["district_code"], period, lock=True)
    if half is None or half["state"] != halves.OPEN:
        raise IllegalMove("该考核期已结算，只能通过申诉更正", "It is settled; appeals alone change it", state="settled",
                          possible=[])
    event = schemes.numbered(found["district_code"], half["scheme_number"]).events.get(kind)
    if kind not in ENTERED or event is None or found["subject_type"] not in event.to:
        raise invalid("kind", "现行办法中没有可以这样录入的事项", "Nothing that can be entered here by this scheme.")
    own = _own(event, given)
    if not halves.first_on(period) <= happened_on <= min(halves.last_on(period), clock.local_date(now)):
        raise invalid("happened_on", "须在考核期内且不晚于今天", "Within the half-year, and not later than today.")
    source_id = ids.new(now)
    subject = Subject(found["subject_type"], found["subject_id"], found["unit_code"])
    said = Evidence(
        "entry", source_id, clock.at_local(happened_on, 12), (Wanted(kind, subject, own=own),), basis
    )
    taking.take([said], cause=rules.HAND, actor=actor, now=now)
    _tell(found, kind, own, basis, source_id, actor, now)
    return str(sql.value(_WRITTEN, (source_id,)))


def _own(event: Event, given: float | None) -> int:
    """The points in tenths: the scheme's, or those of the entry where it may say so."""
    if given is None:
        return event.tenths
    own = tenths(given)
    if event.kind not in OWN_POINTS:
        raise invalid("points", "该事项的分值由办法规定", "The scheme says how many points.")
    if own == 0 or (own > 0) != (event.tenths > 0):
        raise invalid("points", "加分须为正数，扣分须为负数", "Additions above nothing, deductions below.")
    return own


def _tell(
    found: dict[str, Any], kind: str, own: int, basis: str, source_id: str, actor: Actor, now: datetime
) -> None:
    values = {"what": KINDS[kind].zh, "points": f"{points(own):+}", "basis": basis}
    telling.post("score_entered", found, f"entry:{source_id}", values, actor=actor, now=now)
