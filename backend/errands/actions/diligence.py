"""Work outside office hours is counted from the ledger, each entry once."""
from collections import Counter
from datetime import datetime

from backend.clocks import queries as calendars
from backend.clocks.rules import hours
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.queries import diligence
from backend.errands.rules import diligence as rules
from backend.org import rules as tree

_ADD = """
INSERT INTO off_hours (account_id, day_on, unit_code, township_code, district_code, acts) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (account_id, day_on, unit_code) DO UPDATE SET acts = off_hours.acts + excluded.acts
"""
_MARK = "UPDATE off_hours_mark SET seq = ? WHERE id = 1"


@transaction
def count(most: int, *, actor: Actor, now: datetime) -> int:
    """Count the next ``most`` entries, judged by the calendar as it is now; how many entries there were."""
    found = diligence.entries(diligence.marked(), most)
    present, acts = calendars.present(), Counter[tuple[str, str, str]]()
    for entry in found:
        if entry["subject_type"] != "errand" or not (rules.is_work(entry["action"], entry["role"]) and entry["unit"]):
            continue
        if hours.is_off_hours(present.calendar, entry["happened_at"], present.closed(entry["unit"])):
            acts[entry["actor"], clock.local_date(entry["happened_at"]).isoformat(), entry["unit"]] += 1
    for (account_id, day, unit_code), times in sorted(acts.items()):
        above = tree.township_of(unit_code), tree.district_of(unit_code)
        sql.execute(_ADD, (account_id, day, unit_code, *above, times))
    if found:
        sql.execute(_MARK, (found[-1]["seq"],))
    return len(found)
