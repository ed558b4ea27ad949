"""What stands on an errand's printed papers: slip, mandate, undertaking, decision."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.core import ledger
from backend.core.actor import Actor
from backend.errands import rules
from backend.errands.queries import cases
from backend.errands.rules import papers as paperwork
from backend.org import queries as units
from backend.people import queries as people

_MANDATED = ("errand.register", "errand.mandate", "errand.import")


def printed(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand as its readers see it, with whom to ring; NotFound outside the actor's scope."""
    shown = cases.one(errand_id, actor=actor, now=now)
    unit = units.unit(shown["unit_code"]) or {}
    above = units.unit(unit.get("parent_code") or "") or {}
    agent = people.account(shown["agent"]["id"]) or {}
    phones = (agent.get("phone"), unit.get("phone"), above.get("phone"))
    return shown | {
        "unit": unit, "above": above,
        "agent": shown["agent"] | {"phone": next(filter(None, phones), None)},
    }


def mandated(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand with its mandate whole: powers, and the day it was given or last renewed."""
    shown = printed(errand_id, actor=actor, now=now)
    found = cases.row(errand_id, actor)
    given = ledger.steps("errand", errand_id, _MANDATED)
    return shown | {"powers": found["mandate_powers"], "given_at": given[-1]["happened_at"]}


def undertaken(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand with the papers that are owed, and the latest day for them; NothingDeferrable without any."""
    shown = printed(errand_id, actor=actor, now=now)
    return shown | {"owed": paperwork.owed_papers(shown["materials"]), "latest": shown["due_at"]}


def decided(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand once it was decided or declined, and who decided; Undecided before (rules 3.7)."""
    shown = printed(errand_id, actor=actor, now=now)
    rules.check_decided(shown["state"])
    version = catalogue.version(shown["item"]["code"], shown["item"]["version"])
    return shown | {"department": version["department_name"]}
