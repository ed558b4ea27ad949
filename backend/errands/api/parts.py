"""Routes of what hangs on an errand: notes, trips, payments."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict
from backend.errands.actions import carrying
from backend.errands.api.blueprint import TAKERS, blp, within
from backend.errands.queries import parts
from backend.errands.schemas import shown, taken
from backend.org.rules.scope import READERS


def _shown_part(kind: str) -> Any:
    def part(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
        return parts.part(kind, ref[0], ref[1], actor=actor)

    return part


def _part(kind: str, plural: str, shape: Any, body: Any) -> tuple[Any, Any, Any]:
    path = f"/errands/<string:errand_id>/{plural}"
    return (
        blp.creates(
            path, roles=TAKERS, body=body, answers=shape, shows=_shown_part(kind), within=within,
            refuses=(Conflict,),
        ),
        blp.lists(path, roles=READERS, item=shape),
        blp.reads(f"{path}/<string:part_id>", roles=READERS, answers=shape),
    )


_post_note, _list_notes, _read_note = _part("note", "notes", shown.Note(), taken.NewNote())
_post_trip, _list_trips, _read_trip = _part("trip", "trips", shown.Trip(), taken.NewTrip())
_post_payment, _list_payments, _read_payment = _part(
    "payment", "payments", shown.Payment(), taken.NewPayment()
)


@_post_note
def note(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Add a remark."""
    return carrying.note(errand_id, **body, actor=actor, now=now)


@_list_notes
def notes(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's remarks, oldest first."""
    return parts.parts("note", errand_id, query, actor=actor)


@_read_note
def one_note(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One remark."""
    return parts.part("note", errand_id, part_id, actor=actor)


@_post_trip
def trip(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Count a trip that the resident had to make."""
    return carrying.trip(errand_id, **body, actor=actor, now=now)


@_list_trips
def trips(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The trips that the resident had to make."""
    return parts.parts("trip", errand_id, query, actor=actor)


@_read_trip
def one_trip(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One trip."""
    return parts.part("trip", errand_id, part_id, actor=actor)


@_post_payment
def pay(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Record a payment of the published charge, with its receipt number."""
    return carrying.pay(errand_id, **body, actor=actor, now=now)


@_list_payments
def payments(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's payments."""
    return parts.parts("payment", errand_id, query, actor=actor)


@_read_payment
def one_payment(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One payment."""
    return parts.part("payment", errand_id, part_id, actor=actor)
