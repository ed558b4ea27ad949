"""One errand, and how rows of errands become what is shown."""
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.clocks.queries import running
from backend.clocks.rules import Halt
from backend.core import clock, ledger, secrets, sql, workdays
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.errands import rules
from backend.errands.models import Errand
from backend.errands.queries import scope
from backend.errands.rules import papers as paperwork
from backend.files.queries import expected

COLUMNS = """
e.id, e.order_at, e.number, e.state, e.outcome, e.item_code, e.item_number, e.quantity, e.unit_code, e.channel,
e.mandate_given_by, e.mandate_expires_on, e.received_at, e.claimed_at, e.handed_in_at, e.accepted_at, e.due_at,
e.reminder_at, e.yellow_at, e.provisional, e.duty_at, e.duty_days, e.stops,
e.finished_at, e.delivered_at, e.told_at, e.closed_at, e.result, e.reason, e.referral,
e.delivery_method, e.received_by, e.trips, e.paid_fen,
e.version, e.resident_id, r.name AS resident_name, r.id_number_sealed, r.phone_sealed,
e.first_receiver_id, f.name AS first_receiver_name, e.agent_id, a.name AS agent_name,
a.phone AS agent_phone
"""
JOINS = """
JOIN resident r ON r.id = e.resident_id
JOIN account f ON f.id = e.first_receiver_id
JOIN account a ON a.id = e.agent_id
"""
_AWAITED = expected.AWAITED.format("errand", "e.id")
_ONE = f"SELECT {COLUMNS}, {_AWAITED} AS awaited FROM errand e {JOINS} WHERE e.id = ?"
_MATERIALS = """
SELECT name, required, may_defer, received_at, deferred_until_on, undertaking_file_id, position
FROM errand_material WHERE errand_id = ? ORDER BY position
"""


def row(errand_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The errand's own row within the actor's scope, as stored; NotFound otherwise."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock)
    found = sql.row(f"SELECT e.* FROM errand e WHERE e.id = ? AND {condition}{suffix}", [errand_id, *params])
    if found is None:
        raise NotFound()
    return found


def papers(errand_id: str) -> list[dict[str, Any]]:
    """The errand's papers in the order of its version."""
    return sql.rows(_MATERIALS, (errand_id,))


def one(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand with its papers and what is still on its way, as shown to the actor; NotFound outside his scope."""
    found, laid = ledger.fresh(errand_id) or _read(errand_id, actor)
    item = catalogue.version(found["item_code"], found["item_number"])
    shown = Showing([found], now, clock.from_micros).shown(found, item)
    shown["mandate"]["expires_on"] = date.fromisoformat(found["mandate_expires_on"])
    today = clock.local_date(now)
    shown["materials"] = [_paper(paper, today) for paper in laid]
    awaited = found.get("awaited", found.get("mandate_file_id"))
    shown["pending_files"] = expected.pending("errand", errand_id, now=now) if awaited else []
    return shown


def _read(errand_id: str, actor: Actor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    condition, params = scope.condition(actor)
    found = sql.plain(f"{_ONE} AND {condition}", [errand_id, *params])
    if not found:
        raise NotFound()
    return found[0], papers(errand_id)


_RESIDENT = "SELECT name, id_number_sealed, phone_sealed FROM resident WHERE id = ?"


def keep_fresh(
    errand: dict[str, Any], laid: list[dict[str, Any]], *, receiver_name: str, agent_name: str
) -> None:
    """Have :func:`one` show the errand that this transaction registers as it was written, not read back."""
    resident = ledger.fresh(errand["resident_id"]) or sql.plain(_RESIDENT, (errand["resident_id"],))[0]
    found = sql.as_stored(Errand, errand) | {
        "resident_name": resident["name"], "id_number_sealed": resident["id_number_sealed"],
        "phone_sealed": resident["phone_sealed"], "first_receiver_name": receiver_name, "agent_name": agent_name,
    }
    ledger.keep_fresh(errand["id"], (found, laid))


def _paper(paper: dict[str, Any], today: date) -> dict[str, Any]:
    return {
        "name": paper["name"],
        "required": bool(paper["required"]),
        "deferrable": bool(paper["may_defer"]),
        "received": paper["received_at"] is not None,
        "deferred_until": paper["deferred_until_on"],
        "lapsed": paperwork.has_lapsed(paper, today),
    }


class Showing:
    """How rows with instants as stored become what is shown; ``moment`` makes an instant of one."""

    def __init__(
        self, found: list[dict[str, Any]], now: datetime, moment: Callable[[int], Any],
        present: calendars.Present | None = None,
    ) -> None:
        self._present, self.now, self.moment = present, now, moment
        stopped = [row["id"] for row in found if row["stops"]]
        self.halts = running.halts("errand", *stopped)
        self.micros = clock.to_micros(now)

    @property
    def present(self) -> calendars.Present:
        """The calendar, looked at where a clock runs only."""
        self._present = self._present or calendars.present()
        return self._present

    def shown(self, found: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        """The errand as the wire shows it, without its papers."""
        used, remaining = self._days(found)
        return standing(
            found, item, self.moment, used_working_days=used, remaining_working_days=remaining,
            light=rules.light(found, self.micros),
        )

    def _days(self, found: dict[str, Any]) -> tuple[int | None, int | None]:
        if found["duty_at"] is None:
            return None, None
        finished = found["finished_at"] and clock.from_micros(found["finished_at"])
        begun = found | {"duty_at": clock.from_micros(found["duty_at"])}
        limit = limit_of(begun, self.present, self.halts.get(found["id"], ()))
        usage = hours.usage(limit, finished or self.now)
        return usage.used, None if finished else usage.remaining


def standing(
    found: dict[str, Any], item: dict[str, Any], moment: Callable[[int], Any], **counted: Any
) -> dict[str, Any]:
    """The errand as the wire shows it, with nothing that the clock alone changes but what is ``counted``."""
    return {
        "id": found["id"],
        "number": found["number"],
        "state": found["state"],
        "outcome": found["outcome"],
        "item": {
            "code": found["item_code"], "version": found["item_number"], "name": item["name"],
            "kind": item["kind"], "promised_days": item["promised_days"],
        },
        "quantity": found["quantity"],
        "unit_code": found["unit_code"],
        "channel": found["channel"],
        "resident": masked(found),
        "mandate": {"given_by": found["mandate_given_by"], "expires_on": found["mandate_expires_on"]},
        "first_receiver": {"id": found["first_receiver_id"], "name": found["first_receiver_name"]},
        "agent": {"id": found["agent_id"], "name": found["agent_name"]},
        "provisional": bool(found["provisional"]),
        **counted,
        "result": found["result"],
        "reason": found["reason"],
        "referral": orjson.loads(found["referral"]) if found["referral"] else None,
        "delivery_method": found["delivery_method"],
        "received_by": found["received_by"],
        "trips": found["trips"],
        "paid_fen": found["paid_fen"],
        "version": found["version"],
    } | {name: found[name] and moment(found[name]) for name in _MOMENTS}


_MOMENTS = (
    "received_at", "claimed_at", "handed_in_at", "accepted_at", "due_at", "finished_at", "delivered_at", "closed_at",
)


def masked(found: dict[str, Any]) -> dict[str, Any]:
    """The resident as everybody sees her."""
    resident_id, id_number, phone = found["resident_id"], found["id_number_sealed"], found["phone_sealed"]
    if id_number is not None:
        id_number = secrets.masked(bytes(id_number), "resident|id_number|" + resident_id, secrets.mask_id_number)
    if phone is not None:
        phone = secrets.masked(bytes(phone), "resident|phone|" + resident_id, secrets.mask_phone)
    return {"id": resident_id, "name": found["resident_name"], "id_number": id_number, "phone": phone}


def limit_of(found: dict[str, Any], present: calendars.Present, halts: Sequence[Halt]) -> workdays.Deadline:
    """The limit of an errand's present duty on the present calendar."""
    closed = present.closed(found["unit_code"])
    return hours.halted_limit(found["duty_at"], found["duty_days"], present.calendar, halts, closed)
