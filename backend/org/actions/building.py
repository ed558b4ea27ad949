"""How far sites are built: ``unit.status``, and from which day to which one was built."""
from collections.abc import Mapping
from datetime import date, datetime

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org.rules.words import Status

BUILT = Status.BUILT.value
_STAND = "UPDATE unit SET status = CASE {} ELSE status END, version = version + 1 WHERE code IN ({})"
_FROM = """
INSERT INTO unit_built (unit_code, from_on) VALUES {}
ON CONFLICT (unit_code, from_on) DO UPDATE SET to_on = NULL
"""
_UNTIL = "UPDATE unit_built SET to_on = ? WHERE to_on IS NULL AND unit_code IN ({})"


@transaction
def stand(changes: Mapping[str, tuple[str, str]], *, actor: Actor, now: datetime) -> int:
    """Have units stand otherwise: of each code what it was and what it is now; how many."""
    by_status = {after: sorted(code for code in changes if changes[code][1] == after) for _, after in changes.values()}
    cases = " ".join(f"WHEN code IN ({', '.join('?' * len(codes))}) THEN ?" for codes in by_status.values())
    params = [value for status, codes in by_status.items() for value in (*codes, status)]
    sql.execute(_STAND.format(cases, ", ".join("?" * len(changes))), (*params, *sorted(changes)))
    mark(changes, clock.local_date(now))
    for code, (_, after) in changes.items():
        ledger.record("unit.change", "unit", code, scope=code, fields=("status",), detail={"status": after})
    return len(changes)


def mark(changes: Mapping[str, tuple[str, str]], on: date) -> None:
    """Keep from which day a site is built, or that it no longer is; in the transaction of the change."""
    begun = sorted(code for code, (before, after) in changes.items() if before != BUILT and after == BUILT)
    ended = sorted(code for code, (before, after) in changes.items() if before == BUILT and after != BUILT)
    if begun:
        values = [value for code in begun for value in (code, on.isoformat())]
        sql.execute(_FROM.format(", ".join(["(?, ?)"] * len(begun))), values)
    if ended:
        sql.execute(_UNTIL.format(", ".join("?" * len(ended))), (on.isoformat(), *ended))
