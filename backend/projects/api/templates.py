"""Routes of templates: the admin's to make, for all who read projects to see."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove
from backend.projects.actions import templates
from backend.projects.queries import templates as found
from backend.projects.rules import graph, states
from backend.projects.rules.who import READERS
from backend.projects.schemas import templates as shapes

blp = http.Blueprint("project_templates", description="项目审批模板 · templates of key projects")


def within(reference: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where there is no such edition."""
    found.row(reference)


@blp.lists("/project-templates", roles=READERS, item=shapes.ListedTemplate(), query=shapes.TemplateQuery())
def template_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Editions of templates by code, the newest first."""
    return found.listed(query, actor=actor, now=now)


@blp.creates(
    "/project-templates", roles=states.ADMINS, body=shapes.TemplateIn(), answers=shapes.ShownTemplate(),
    shows=found.one, refuses=(graph.Cycle, Conflict),
)
def draft_template(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Draft a template, or the next edition of one: its critical path and sums come with the answer."""
    return templates.draft(body, actor=actor, now=now)


@blp.reads("/project-templates/<string:reference>", roles=READERS, answers=shapes.ShownTemplate())
def template(reference: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One edition by its id, or the newest of a code, with what a cut of each limit by 30 % would make of it."""
    return found.one(reference, actor=actor, now=now)


@blp.changes(
    "/project-templates/<string:reference>/publication", roles=states.ADMINS, answers=shapes.ShownTemplate(),
    shows=found.one, within=within, refuses=(IllegalMove, Conflict, graph.Cycle),
)
def publish_template(reference: str, *, actor: Actor, now: datetime) -> str:
    """Publish a draft: projects are made from it from now on."""
    return templates.publish(reference, actor=actor, now=now)
