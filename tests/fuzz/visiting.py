"""Home visits to be met by the fuzzer: one in each state that an operation moves on from."""
import itertools
import random
from datetime import timedelta
from typing import Any

from tests import cast
from tests.conftest import START
from tests.visits.calls import moved, scheduled, sent, wish

RIPE = {
    "schedule": "requested", "departure": "scheduled", "arrival": "en_route", "completion": "arrived",
    "sign-off": "done", "failure": "scheduled", "cancellation": "requested", "errands": "arrived",
    "full-view": "requested",
}
WAYS = {
    "scheduled": (), "en_route": ("departure",), "arrived": ("departure", "arrival"),
    "done": ("departure", "arrival", "completion"),
}
_days = itertools.count(1)


def day() -> str:
    """A day on which no visit is yet."""
    return (START + timedelta(days=next(_days) % 390)).date().isoformat()


def window() -> dict[str, str]:
    return {"date": day(), "from": "09:00", "to": "12:00"}


def add(known: Any) -> None:
    """Add a fresh visit in each state."""
    agent, found = known.caller("agent"), known.values
    made = {"requested": sent(agent.post("/visits", wish(window=window())), 201)}
    for state, nouns in WAYS.items():
        made[state] = moved(agent, scheduled(agent, window=window()), *nouns)
    for state, visit in made.items():
        found[f"visit_id {state}"] = [visit["id"]]
        found["visit_id"].append(visit["id"])


def pool(path: str, chance: random.Random) -> str:
    """Which visits an operation is tried on."""
    ripe = RIPE.get(path.rsplit("/", 1)[-1], "requested")
    return chance.choice((*[f"visit_id {ripe}"] * 3, "visit_id"))


def request(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    body = wish(window=window(), reason=chance.choice(("age", "illness", "unit_rule")))
    return body | {name: drawn[name] for name in drawn if name not in body and chance.random() < 0.3}


def schedule(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "agent_id": known.values["agent_id"][0], "start": chance.choice(("08:30", "14:00")), "duration_minutes": 30,
        "travel_minutes": 10, "date": day(),
    }


def sign_off(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"method": "photo", "file_id": known.values["file_id"][-1], "id_shown": True, "no_cash": True}


def take(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    case = cast.errand()
    return {name: case[name] for name in ("item_code", "mandate", "materials")}


BODIES = {
    "visits_request": request, "visits_schedule": schedule, "visits_sign_off": sign_off, "visits_take": take,
}
