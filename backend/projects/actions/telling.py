"""Who is told of which act on a procedure; posted in the act's own transaction."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.org.rules import posts as ladder
from backend.people import queries as people
from backend.people.queries import posts
from backend.projects.rules.states import PLACE

SUBJECT = "procedure"


def acting(project: dict[str, Any], department_code: str) -> list[str]:
    """Who hands a department's work out: its duty post in the district, where vacant all who can decide.

    For the place of a project its township's duty post, or the one above it.
    """
    district = project["district_code"]
    if department_code == PLACE and project["township_code"]:
        found = posts.answering(project["township_code"], ladder.DUTY)["account_id"]
        return [found] if found else []
    held = posts.holder(department_code, ladder.DUTY, district=district)
    return [held["id"]] if held else people.handlers_of(department_code, district)


def answerable(project: dict[str, Any], department_code: str) -> list[str]:
    """Those of :func:`acting`, and the head above them."""
    district = project["district_code"]
    code = project["township_code"] if department_code == PLACE and project["township_code"] else department_code
    head = posts.answering(code, ladder.HEAD, district=district)["account_id"]
    return [*acting(project, department_code), *([head] if head else [])]


def name_of(procedure: dict[str, Any], department_code: str) -> str:
    """The name of a department that takes part in a procedure."""
    if department_code == procedure["lead_department"]:
        return str(procedure["lead_name"])
    found = units.department(department_code)
    return str(found["name"]) if found else department_code


def tell(
    template: str, project: dict[str, Any], procedure: dict[str, Any], to: Iterable[str], key: str, *, actor: Actor,
    now: datetime, **values: Any,
) -> None:
    """Within the act: post one notice to each of these accounts, once for ``key``, none to who acts himself."""
    words = {"project": project["name"], "number": project["number"], "procedure": procedure["name"]} | values
    for account_id in dict.fromkeys(to):
        if account_id != actor.id:
            outbox.post(
                template, to=account_id, subject_type=SUBJECT, subject_id=procedure["id"],
                unit_code=project["district_code"], values=words,
                dedupe=f"procedure:{procedure['id']}:{key}:{account_id}", actor=actor, now=now,
            )
