"""The route that phones push to."""
from datetime import datetime
from typing import Any

from flask import request

from backend.core import faults, wire
from backend.core.actor import Actor
from backend.core.problems import NotFound, TooLarge, TooMany
from backend.sync.actions import pushing
from backend.sync.api.blueprint import TAKERS, blp
from backend.sync.rules import numbering, refusals
from backend.sync.rules.devices import DeviceRevoked
from backend.sync.schemas import pushes as shapes


@blp.creates("/sync/push", roles=TAKERS, keyed=False, status=200, tagged=False, mends=True, body=shapes.Push(),
             answers=shapes.PushAnswer(),
             refuses=(NotFound, DeviceRevoked, numbering.OutOfOrder, TooLarge, TooMany))
def push(*, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Push a phone's work: each mutation in its order, in a transaction of its own; refusals are kept and passed over.

    A number too high is 409 with ``expected_n``, a gap inside 422, over 256 KiB 413: nothing is done then. 503 stops
    where it is; what was done before is answered as ``duplicate`` when it comes again.
    """
    if len(wire.as_sent(request)) > numbering.MOST_BYTES:
        raise TooLarge("一次推送不得超过 256 KiB", "A push may have at most 256 KiB.")
    english = faults.wants_english()
    found, next_n = pushing.push(body, actor=actor, now=now)
    results = [_told(each, english) for each in found]
    changes = pushing.since(body.get("cursor"), actor=actor, now=now)
    return {
        "results": results, "next_n": next_n, "changes": None if changes is None else _told(changes, english),
        "server_time": now,
    }


def _told(found: dict[str, Any], english: bool) -> dict[str, Any]:
    problem = found.pop("problem", None)
    return found if problem is None else found | {"problem": refusals.told(problem, english=english)}
