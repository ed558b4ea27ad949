"""A phone with work that waits for persons, to be met by the fuzzer: a conflict, rejected work, a problem."""
import random
from typing import Any

from backend.core import sql
from tests import cast
from tests.conftest import START
from tests.sync import leased, phones

POOLS = {"conflict_id": "sync_conflict_id", "problem_id": "field_problem_id"}


def mine(path: str) -> bool:
    return "/sync/" in path or path.endswith(("/problems", "/problems/{problem_id}", "/problems/{problem_id}/answer"))


def pool(name: str) -> str:
    return POOLS.get(name, name)


def renew(known: Any) -> None:
    """A phone of the agent's with something of each kind."""
    agent, township = known.caller("agent"), known.caller("township")
    for name, value in phones.things(agent, township).items():
        known.values[pool(name)] = [*known.values[pool(name)][-2:], value]
    device_id = known.values["device_id"][-1]
    known.values["lease_id"] = [leased.taken(agent, device_id, START, start=None)]
    known.values["device_id township"] = known.values["device_id"]


def push(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Work in its order, some of it as it was drawn, some that can be done."""
    device_id = known.values["device_id"][-1]
    n = sql.value("SELECT next_n FROM sync_device WHERE id = ?", (device_id,))
    sent = [each | {"id": phones.new_id()} for each in drawn.get("mutations", ()) if isinstance(each, dict)]
    sent.append({"id": phones.new_id(), "type": "errand.register", "entity_id": phones.new_id(), "set": cast.errand()})
    body = {name: drawn[name] for name in ("outbox_size", "rows", "sent_at") if name in drawn}
    return body | {
        "device_id": device_id, "mutations": [each | {"n": n + place} for place, each in enumerate(sent[:20])],
    }


def lease(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A seat that is mostly free, at a place that is mostly right."""
    wished = leased.wish(known.values["device_id"][-1], start=chance.choice((None, "10:00", "11:30")))
    return drawn | wished | chance.choice(({}, {}, {"unit_code": chance.choice(known.values["unit_code"])}))


BODIES = {"sync_push": push, "sync_take_leases": lease}
