"""The ledger's entries that a phone listens to, in the order of commits."""
from functools import lru_cache

from backend.core import sql
from backend.core.actor import Actor
from backend.core.models import FED
from backend.org import rules as tree
from backend.org.rules import scope
from backend.sync.queries import holding
from backend.sync.rules.merging import Entry

_COLUMNS = "e.seq, e.subject_type, e.subject_id, e.action, e.recorded_at"
_FED = FED.replace("subject_type", "e.subject_type").replace("outcome", "e.outcome")
_WALK = f"""
SELECT {_COLUMNS} FROM ledger_entry e
WHERE substr(e.scope, 1, 9) = ? AND e.seq > ? AND {_FED}{{more}} ORDER BY e.seq LIMIT ?
"""
_OWN = """ AND (e.subject_type <> 'resident' AND e.scope = ? OR e.subject_type = 'resident' AND (
    EXISTS (SELECT 1 FROM errand x WHERE x.resident_id = e.subject_id AND x.unit_code || '' = ?)
    OR EXISTS (
        SELECT 1 FROM visit y WHERE y.resident_id = e.subject_id AND (y.unit_code || '' = ? OR y.agent_id || '' = ?)
    )
    OR EXISTS (SELECT 1 FROM appointment z WHERE z.resident_id = e.subject_id AND z.unit_code || '' = ?)
))"""
_REACHED = f"""
SELECT {_COLUMNS} FROM ledger_reach w CROSS JOIN ledger_entry e
WHERE w.reader_id = ? AND w.seq > ? AND e.seq = w.seq ORDER BY w.seq LIMIT ?
"""
_HEAD = "SELECT h.seq, '', s.epoch, '', 0 FROM ledger_head h CROSS JOIN sync_state s"


@lru_cache(maxsize=4)
def _text(desk: bool) -> str:
    walk = f"SELECT * FROM ({_WALK.format(more=_OWN if desk else '')}) AS near"
    if desk:
        walk = f"SELECT * FROM ({walk} UNION SELECT * FROM ({_REACHED}) AS reached) AS heard ORDER BY 1 LIMIT ?"
    return f"SELECT * FROM ({walk}) AS listened UNION ALL {_HEAD}"


def after(seq: int, limit: int, *, actor: Actor) -> tuple[int, str, list[Entry]]:
    """The head, the epoch, and the actor's entries after ``seq``, the earliest ``limit`` of them; one statement.

    A desk listens to its unit, to its residents' entries at the township, and to what reaches the account
    wherever it is; a township's office to all of its units.
    """
    column, code = scope.column(actor)
    near = tree.township_of(code)[:9]
    desk = column == holding.DESK
    own = [code, code, code, actor.id, code] if desk else []
    reached = [actor.id, seq, limit, limit] if desk else []
    found = sql.execute(_text(desk), [near, seq, *own, limit, *reached]).fetchall()
    head, epoch = next((row[0], row[2]) for row in found if not row[1])
    return int(head), str(epoch), sorted(Entry(*row) for row in found if row[1])
