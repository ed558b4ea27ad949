"""The stamp of who is on duty: it grows in every transaction that changes it, so that capacity follows at once."""
from collections.abc import Iterable
from datetime import date

from backend.core import sql

_BUMP = """
INSERT INTO roster_stamp (unit_code, version) VALUES (?, 1)
ON CONFLICT (unit_code) DO UPDATE SET version = roster_stamp.version + 1
"""
_UNITS = """
SELECT unit_code FROM shift WHERE account_id = ? AND day_on BETWEEN ? AND ?
UNION SELECT unit_code FROM shift WHERE stand_in_id = ? AND day_on BETWEEN ? AND ?
"""
_LOCK = "SELECT id FROM account WHERE id = ? FOR UPDATE"
_LAST = date(9999, 12, 31)


def bump(unit_codes: Iterable[str]) -> None:
    """Say that somebody else may be on duty at these units now; within the running transaction."""
    for code in sorted(set(unit_codes)):
        sql.run(_BUMP, (code,))


def touch(account_id: str, from_on: date, to_on: date = _LAST) -> None:
    """Say so of every unit on whose roster the account stands, himself or for another, in these days.

    His row is held first: a roster that is being written with him is waited for.
    """
    if sql.on_postgresql():
        sql.execute(_LOCK, (account_id,))
    days = (account_id, from_on.isoformat(), to_on.isoformat())
    bump(code for (code,) in sql.execute(_UNITS, (*days, *days)).fetchall())
