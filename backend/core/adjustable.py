"""What a district may decide differently from the product's default, from a day on (the ``setting`` table).

A capability declares each such thing with its default and a check of its shape. What holds on a day can
no longer change once that day has begun: a change is valid from tomorrow at the earliest.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.models import Setting
from backend.core.problems import Conflict, NotFound, StaleVersion, invalid
from backend.core.transaction import transaction


@dataclass(frozen=True)
class Adjustable:
    """``check`` raises Invalid; ``changed`` is called in the transaction of a change, so that caches learn of it.

    Without it nothing is remembered: what holds is read when it is needed.
    """

    name: str
    default: Any
    check: Callable[[Any], None]
    changed: Callable[[], Any] | None = None


known: dict[str, Adjustable] = {}

_DECIDED = "SELECT valid_from_on, value, version FROM setting WHERE name = ? ORDER BY valid_from_on"
_VERSION = "SELECT COALESCE(max(version), 0) FROM setting WHERE name = ?"
_REPLACED = "DELETE FROM setting WHERE name = ? AND valid_from_on = ?"
_INSERT = """
INSERT INTO setting (id, name, valid_from_on, value, made_at, version) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""


def declare(thing: Adjustable) -> None:
    """Make something known that a district may decide; done once, where the capability is imported."""
    known[thing.name] = thing


def decided(name: str) -> list[tuple[date, Any]]:
    """What was decided of it, each with the first day on which it holds, earliest first; one statement."""
    return [(row["valid_from_on"], orjson.loads(row["value"])) for row in sql.rows(_DECIDED, (name,))]


def in_force(name: str, on: date) -> Any:
    """What holds on a day; one statement."""
    holding = [value for valid_from, value in decided(name) if valid_from <= on]
    return holding[-1] if holding else known[name].default


def shown(name: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What holds today, since when (None: the default), and what is decided for later; NotFound if unknown."""
    if name not in known:
        raise NotFound()
    today = clock.local_date(now)
    all_of_it = [{"valid_from": valid_from, "value": value} for valid_from, value in decided(name)]
    planned = [each for each in all_of_it if each["valid_from"] > today]
    past = all_of_it[:len(all_of_it) - len(planned)]
    present = past[-1] if past else {"valid_from": None, "value": known[name].default}
    return {"name": name, **present, "planned": planned, "version": int(sql.value(_VERSION, (name,)))}


@transaction
def decide(name: str, *, value: Any, valid_from: date | None, actor: Actor, now: datetime) -> str:
    """Have ``value`` hold from a day on, tomorrow unless named; the setting's name.

    NotFound for an unknown name, StaleVersion, Conflict where somebody else decides at the same time,
    Invalid for a wrong shape or a day that has begun. What was planned for the same day is replaced.
    """
    version = shown(name, actor=actor, now=now)["version"]
    if actor.call.if_match not in (None, version):
        raise StaleVersion()
    known[name].check(value)
    tomorrow = date.fromordinal(clock.local_date(now).toordinal() + 1)
    from_on = valid_from or tomorrow
    if from_on < tomorrow:
        raise invalid("valid_from", "最早自明日起生效", "Tomorrow at the earliest.")
    sql.run(_REPLACED, (name, from_on.isoformat()))
    params = (
        f"{name}/{version + 1}", name, from_on.isoformat(), orjson.dumps(value).decode(), clock.to_micros(now),
        version + 1,
    )
    if sql.run(_INSERT, params) == 0:
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    if (changed := known[name].changed) is not None:
        changed()
    ledger.record(
        "setting.decide", Setting._meta.table_name, name, fields=("value",),
        detail={"valid_from": from_on.isoformat(), "value": value},
    )
    return name
