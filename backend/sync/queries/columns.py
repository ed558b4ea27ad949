"""Which columns a phone is told of each type, as one JSON array per row: six types in one statement."""
from functools import lru_cache

from backend.core import sql
from backend.sync.queries.holding import CODE, MYSELF, OPEN

ERRAND = (
    "id", "number", "state", "outcome", "item_code", "item_number", "quantity", "unit_code", "channel",
    "mandate_given_by", "mandate_expires_on", "received_at", "claimed_at", "handed_in_at", "accepted_at", "due_at",
    "reminder_at", "yellow_at", "provisional", "finished_at", "delivered_at", "closed_at", "result", "reason",
    "referral", "delivery_method", "received_by", "trips", "paid_fen", "version", "resident_id", "first_receiver_id",
    "agent_id",
)
VISIT = (
    "id", "number", "state", "unit_code", "resident_id", "reason", "note", "word_by", "word", "very_old", "day_on",
    "from_minute", "to_minute", "agent_id", "start_at", "minutes", "travel_minutes", "buffer_minutes", "requested_at",
    "departed_at", "arrived_at", "ended_at", "late", "ended_for", "signed_by", "signed_file_id", "signed_at",
    "present", "companion_id", "witness", "version",
)
APPOINTMENT = (
    "id", "number", "state", "unit_code", "service", "service_name", "day_on", "start_minute", "end_minute", "desk",
    "channel", "protected", "resident_id", "surname", "hold_until_at", "made_by", "made_at", "ended_at", "reason",
    "moves", "version",
)
NOTE = ("id", "errand_id", "text", "made_at", "account_id", "version")
FILE = ("id", "sha256", "media_type", "size", "unit_code", "account_id", "made_at", "version")
RESIDENT = ("id", "township_code", "name", "takes_sms", "version")
NUMBERS = ("id_number", "phone", "address")

Columns = dict[str, str]


def _own(alias: str, names: tuple[str, ...]) -> Columns:
    return {name: f"{alias}.{name}" for name in names}


def _sealed(alias: str, names: tuple[str, ...]) -> Columns:
    return {f"{name}_sealed": _hex(f"{alias}.{name}_sealed") for name in names}


def _hex(column: str) -> str:
    return f"encode({column}, 'hex')" if sql.on_postgresql() else f"hex({column})"


def array(parts: str) -> str:
    """These values as a JSON array."""
    return f"json_build_array({parts})" if sql.on_postgresql() else f"json_array({parts})"


def _each(parts: str, rest: str, order: str) -> str:
    """The rows of a selection as a JSON array of arrays, in order."""
    if sql.on_postgresql():
        return f"(SELECT json_agg({array(parts)} ORDER BY {order}) {rest})"
    return f"json((SELECT json_group_array(json({array(parts)}) ORDER BY {order}) {rest}))"


def _was_read(resident_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM sync_read s WHERE s.account_id = {MYSELF} AND s.resident_id = {resident_id})"


@lru_cache(maxsize=4)
def _of_engine(_: bool) -> dict[str, Columns]:
    resident = {"resident_name": "r.name", "resident_township": "r.township_code", "was_read": _was_read("r.id")}
    resident |= _sealed("r", NUMBERS)
    papers = _each(
        "m.name, m.required, m.may_defer, m.received_at, m.deferred_until_on",
        "FROM errand_material m WHERE m.errand_id = e.id", "m.position",
    )
    served = _each(
        "w.errand_id, b.number, b.item_code",
        "FROM visit_errand w JOIN errand b ON b.id = w.errand_id WHERE w.visit_id = v.id", "w.errand_id",
    )
    return {
        "errand": _own("e", ERRAND) | resident | {
            "first_receiver_name": "f.name", "agent_name": "a.name", "materials": papers,
        },
        "visit": _own("v", VISIT) | resident | {
            "placed": "v.place_sealed IS NOT NULL", "agent_name": "a.name", "errands": served,
        },
        "appointment": _own("p", APPOINTMENT) | _sealed("p", ("person", "caller")) | {
            "unit_name": "u.name", "maker_name": "a.name",
        },
        "note": _own("n", NOTE) | {"account_name": "a.name"},
        "file": _own("f", FILE),
        "resident": _own("r", RESIDENT) | _sealed("r", NUMBERS) | {
            "was_read": _was_read("r.id"), "mine": f"(EXISTS ({_MY_ERRANDS}) OR EXISTS ({_MY_VISITS}))",
        },
    }


_MY_ERRANDS = f"""
SELECT 1 FROM errand y WHERE y.resident_id = r.id AND y.agent_id = {MYSELF} AND y.state IN ({OPEN})
AND (y.unit_code = {CODE} OR y.township_code = {CODE})
"""
_MY_VISITS = f"SELECT 1 FROM visit z WHERE z.resident_id = r.id AND z.agent_id = {MYSELF} AND z.ended_at IS NULL"


def of(kind: str) -> Columns:
    """The columns of a type, by the name under which it is shown."""
    return _of_engine(sql.on_postgresql())[kind]
