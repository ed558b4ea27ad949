"""Whether a resident knows: a notice that arrived, or a call that reached her (rules 3.9)."""
from datetime import datetime

from backend.core import clock, sql
from backend.notifications import rules

_NOTICE = """
SELECT ended_at FROM notice
WHERE subject_type = ? AND subject_id = ? AND audience = ? AND state = ? AND made_at >= ? ORDER BY id LIMIT 1
"""
_CALL = """
SELECT called_at FROM call_task
WHERE subject_type = ? AND subject_id = ? AND reached AND called_at >= ? ORDER BY id LIMIT 1
"""


def told(subject_type: str, subject_id: str, since: datetime) -> datetime | None:
    """When a resident was told of the subject by a notice posted, or a call made, since then; None if she was not."""
    after = clock.to_micros(since)
    arrived = sql.value(_NOTICE, (subject_type, subject_id, rules.RESIDENT, rules.DELIVERED, after))
    if arrived is None:
        arrived = sql.value(_CALL, (subject_type, subject_id, after))
    return None if arrived is None else clock.from_micros(arrived)
