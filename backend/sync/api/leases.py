"""Routes of leases: seats that a phone may promise where there is no signal."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import leasing
from backend.appointments.queries import leases as queries
from backend.appointments.rules.horizon import CutoffPassed, NotYetOpen
from backend.appointments.rules.leases import LeaseUsed, TooManyLeases
from backend.appointments.rules.seats import SlotFull
from backend.appointments.rules.starts import NoSuchSlot
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound
from backend.sync.actions import leases
from backend.sync.api.blueprint import TAKERS, blp
from backend.sync.rules.devices import DeviceRevoked
from backend.sync.schemas import leases as shapes


@blp.creates(
    "/sync/leases", roles=TAKERS, body=shapes.NewLeases(), answers=shapes.MadeLeases(), shows=queries.made,
    at_once=True, tagged=False,
    refuses=(NotFound, DeviceRevoked, Conflict, TooManyLeases, SlotFull, NoSuchSlot, NotYetOpen, CutoffPassed),
)
def take_leases(*, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Keep seats for a phone, without a person, for a day at most and not beyond their cutoff: as many as there are.

    Ten a phone, twenty an account. An appointment is made of one by pushing ``appointment.book`` with its ``lease_id``.
    """
    return leases.take(body, actor=actor, now=now)


@blp.lists("/sync/leases", roles=TAKERS, item=shapes.ShownLease(), query=shapes.LeaseQuery())
def own_leases(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The caller's own leases: open ones unless asked otherwise."""
    return queries.listed(query, actor=actor, now=now)


@blp.deletes("/sync/leases/<string:lease_id>", roles=TAKERS, matched=False, refuses=(NotFound, Conflict, LeaseUsed))
def give_lease_back(lease_id: str, *, actor: Actor, now: datetime) -> str:
    """Give a seat back that is not needed; sent twice, no more happens."""
    return leasing.give_back(lease_id, actor=actor, now=now)
