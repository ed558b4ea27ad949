"""Routes of devices."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.sync.actions import devices
from backend.sync.api.blueprint import TAKERS, blp
from backend.sync.queries import devices as known
from backend.sync.rules import devices as rules
from backend.sync.schemas import devices as shapes

DEVICE = "/sync/devices/<string:device_id>"


@blp.creates("/sync/devices", roles=TAKERS, body=shapes.NewDevice(), answers=shapes.RegisteredDevice(),
             shows=known.registered)
def register_device(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Register a phone of one's own; the session that asks belongs to it and ends with it."""
    return devices.register(**body, actor=actor, now=now)


@blp.lists("/sync/devices", roles=rules.READERS, item=shapes.DeviceShape(), query=shapes.DeviceQuery())
def list_devices(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """One's own phones; for a township those of its subtree, with what they hold and what is not settled."""
    return known.listed(query, actor=actor, now=now)


@blp.reads(DEVICE, roles=rules.READERS, answers=shapes.DeviceShape(), refuses=(NotFound,))
def read_device(device_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One phone."""
    return known.one(device_id, actor=actor, now=now)


@blp.deletes(DEVICE, roles=rules.REVOKERS, matched=False, within=known.one,
             refuses=(NotFound, Conflict, StaleVersion))
def revoke_device(device_id: str, *, actor: Actor, now: datetime) -> str:
    """Revoke a phone: its sessions end, its pushes are refused; what it pushed stays. If-Match is optional."""
    return devices.revoke(device_id, actor=actor, now=now)
