"""Routes of projects: started, shown, grown, given up; their graph for programs and for people."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound
from backend.projects.actions import growing, starting
from backend.projects.queries import graphs, procedures, projects, rows
from backend.projects.rules import graph, states, who
from backend.projects.schemas import projects as shapes

blp = http.Blueprint("projects", description="重点项目 · key projects and the graph of their approvals")

READERS, AGENTS = who.READERS, states.AGENTS
SVG = "image/svg+xml"


def within(project_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the project is not the caller's to see."""
    rows.project(project_id, actor)


def within_procedure(project_id: str, code: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where there is no such procedure that the caller may see."""
    procedures.row(project_id, code, actor)


@blp.lists("/projects", roles=READERS, item=shapes.ListedProject(), query=shapes.ProjectQuery())
def project_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Projects of the caller's scope by their forecast finish; open ones unless asked otherwise."""
    return projects.listed(query, actor=actor, now=now)


@blp.creates(
    "/projects", roles=AGENTS, body=shapes.ProjectIn(), answers=shapes.ShownProject(), shows=projects.one, at_once=True,
)
def start_project(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Start a project from a published template: its first procedures are open, the forecast comes with the answer."""
    return starting.start(body, actor=actor, now=now)


@blp.reads("/projects/<string:project_id>", roles=READERS, answers=shapes.ShownProject())
def project(project_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One project: its procedures, forecast, critical path, floats, what is next and whose it is."""
    return projects.one(project_id, actor=actor, now=now)


@blp.patches(
    "/projects/<string:project_id>", roles=AGENTS, body=shapes.ProjectEdit(), answers=shapes.ShownProject(),
    shows=projects.one, within=within, refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def edit_project(project_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Change a project's sheet, its place, or give it to another agent."""
    return starting.edit(project_id, body, actor=actor, now=now)


@blp.changes(
    "/projects/<string:project_id>/abandonment", roles=AGENTS, body=shapes.Abandonment(),
    answers=shapes.ShownProject(), shows=projects.one, within=within,
    refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def abandon_project(project_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Give a project up: its clocks end, nothing is decided by silence any more."""
    return starting.abandon(project_id, **body, actor=actor, now=now)


def _shown(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return projects.procedure(ref[0], ref[1], actor=actor, now=now)


@blp.lists(
    "/projects/<string:project_id>/procedures", roles=READERS, item=shapes.ShownProcedure(),
    query=shapes.ProcedureQuery(), within=within, refuses=(NotFound,),
)
def procedure_list(project_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """A project's procedures in their order; all of them unless a state is asked for."""
    return projects.procedures_of(project_id, query, actor=actor, now=now)


@blp.creates(
    "/projects/<string:project_id>/procedures", roles=AGENTS, body=shapes.AddedProcedure(),
    answers=shapes.ShownProcedure(), shows=_shown, within=within,
    refuses=(who.NotYourProject, IllegalMove, Conflict, graph.Cycle), at_once=True,
)
def add_procedure(project_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Add a procedure mid-run, in the template's shape; ``successors`` wait for it from now on."""
    return growing.add(project_id, body, actor=actor, now=now)


@blp.reads("/projects/<string:project_id>/procedures/<string:code>", roles=READERS, answers=shapes.ShownProcedure())
def procedure(project_id: str, code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One procedure: state, due date, float, deemed consent, late answers."""
    return projects.procedure(project_id, code, actor=actor, now=now)


@blp.creates(
    "/projects/<string:project_id>/procedures/<string:code>/departments", roles=AGENTS, body=shapes.JoiningIn(),
    answers=shapes.ShownProcedure(), shows=_shown, within=within_procedure,
    refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def join_procedure(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Let one more department join a procedure mid-run."""
    return growing.join(project_id, code, **body, actor=actor, now=now)


@blp.reads("/projects/<string:project_id>/graph", roles=READERS, answers=shapes.GraphShape(), tagged=False)
def project_graph(project_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The graph with its layout: procedures, what waits for what, the critical path."""
    return graphs.of(project_id, actor=actor, now=now)


@blp.reads("/projects/<string:project_id>/graph.svg", roles=READERS, media=SVG, refuses=(NotFound,))
def project_drawing(project_id: str, *, actor: Actor, now: datetime) -> Response:
    """The graph as a picture for people: left to right by stages, critical path marked, state by colour and shape."""
    response = Response(graphs.drawn(project_id, actor=actor, now=now), content_type=f"{SVG}; charset=utf-8")
    response.headers |= {
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return response
