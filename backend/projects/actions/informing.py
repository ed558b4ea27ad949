"""Who is told of joint reviews, assignments, issues and interviews; posted in the act's own transaction."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from backend.core.actor import Actor
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.projects.actions import telling

REVIEW, ASSIGNMENT, ISSUE, INTERVIEW = "joint_review", "review_assignment", "project_issue", "interview"


class About(NamedTuple):
    """What a notice is about: a subject of a project."""

    kind: str
    id: str
    project: dict[str, Any]


def project_of(found: dict[str, Any]) -> dict[str, Any]:
    """The project of a row that was read along with it, as far as notices need it."""
    return {
        "id": found["project_id"], "name": found["project_name"], "number": found["project_number"],
        "agent_id": found["agent_id"], "township_code": found["township_code"],
        "district_code": found["district_code"],
    }


def of_review(review: dict[str, Any]) -> About:
    """A joint review that was read with its project."""
    return About(REVIEW, review["id"], project_of(review))


def tell(
    template: str, about: About, to: Iterable[str], key: str, *, actor: Actor, now: datetime, **values: Any
) -> None:
    """Post one notice to each of these accounts, once for ``key``, none to who acts himself."""
    for account_id in dict.fromkeys(to):
        if account_id != actor.id:
            outbox.post(
                template, to=account_id, subject_type=about.kind, subject_id=about.id,
                unit_code=about.project["district_code"],
                values={"project": about.project["name"], "number": about.project["number"]} | values,
                dedupe=f"{about.kind}:{about.id}:{key}:{account_id}", actor=actor, now=now,
            )


def name_of(department_code: str) -> str:
    """The name of a department."""
    found = units.department(department_code)
    return str(found["name"]) if found else department_code


def working(about: About, department_code: str) -> list[str]:
    """Who does a department's work."""
    return telling.acting(about.project, department_code)


def leading(about: About, department_code: str) -> list[str]:
    """Who does a department's work, and its head."""
    return telling.answerable(about.project, department_code)
