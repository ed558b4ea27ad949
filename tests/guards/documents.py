"""The pages of docs/ that are printed from the code."""
import importlib
from typing import Any

from flask import Flask

from backend.app import CAPABILITIES
from backend.core import problems
from backend.core.http import Api
from backend.core.moves import Table, possible
from backend.core.problems import Problem
from tests.guards import house

STATES = (
    ("Errands", "backend.errands.rules", "MOVES"),
    ("Imports of paper registers", "backend.errands.rules.register", "MOVES"),
    ("Cards", "backend.clocks.rules.cards", "MOVES"),
    ("Notices", "backend.notifications.rules", "MOVES"),
    ("Home visits", "backend.visits.rules", "MOVES"),
    ("Templates of key projects", "backend.projects.rules.states", "TEMPLATE_MOVES"),
    ("Key projects", "backend.projects.rules.states", "PROJECT_MOVES"),
    ("Procedures of key projects", "backend.projects.rules.states", "MOVES"),
    ("Joint reviews", "backend.projects.rules.reviews", "REVIEW_MOVES"),
    ("Summonses to joint reviews", "backend.projects.rules.reviews", "SUMMONS_MOVES"),
    ("Assignments of minutes", "backend.projects.rules.assignments", "MOVES"),
    ("Issues of weekly meetings", "backend.projects.rules.meetings", "MOVES"),
    ("Leave", "backend.people.rules.absences", "LEAVE_MOVES"),
    ("Swaps of duty", "backend.people.rules.absences", "SWAP_MOVES"),
    ("Appointments", "backend.appointments.rules.states", "MOVES"),
    ("Waiting list", "backend.appointments.rules.waiting", "MOVES"),
    ("Blocks for no-shows", "backend.appointments.rules.blocks", "MOVES"),
    ("Weekly reports", "backend.reports.rules.states", "MOVES"),
    ("Rectifications", "backend.voice.rules.rectifications", "MOVES"),
    ("Appeals against ratings", "backend.voice.rules.rectifications", "APPEAL_MOVES"),
    ("Complaints", "backend.voice.rules.complaints", "MOVES"),
    ("Problems raised by reports", "backend.reports.rules.tasks", "MOVES"),
    ("Problems reported by staff", "backend.reports.rules.raised", "MOVES"),
    ("Supervision orders", "backend.supervision.rules.states", "MOVES"),
    ("Notices of praise, criticism, exposure", "backend.supervision.rules.states", "NOTICE_MOVES"),
    ("Accountability cases", "backend.supervision.rules.states", "CASE_MOVES"),
    ("Public promises", "backend.supervision.rules.states", "PROMISE_MOVES"),
    ("Surveys", "backend.surveys.rules", "MOVES"),
    ("Mystery visits", "backend.inspections.rules", "MOVES"),
    ("Plans of mystery visits", "backend.inspections.rules", "PLAN_MOVES"),
    ("Lines of the assessment", "backend.assessment.rules.appeals", "MOVES"),
    ("Corrections of personal data", "backend.disclosure.rules.corrections", "MOVES"),
    ("Conflicts between phones and others", "backend.sync.rules.deciding", "CONFLICT_MOVES"),
    ("Rejected work of phones", "backend.sync.rules.deciding", "INBOX_MOVES"),
)

PROBLEMS_HEAD = """# Every refusal

Printed from the code by `python -m tests.guards.regenerate`; a guard fails when it is stale. A refusal is an
`application/problem+json` document (RFC 9457) whose `type` is `/problems/<slug>`; the running server explains
each at that address, in Chinese and English. Look for a kind in the code by its class.

| slug | status | 中文 | English | when | class |
|---|---|---|---|---|---|
"""
STATES_HEAD = """# States and moves

Printed from the transition tables by `python -m tests.guards.regenerate`; a guard fails when it is stale.
What is not in a table is answered 409 `illegal-move`, naming the state and what is possible from it.
"""


WIRE_HEAD = """# Every operation

Printed from `/openapi.json` by `python -m tests.guards.regenerate`; a guard fails when it is stale, so that a change
of the wire is seen in a diff. Shapes and parameters stand in the document itself.

| method | path | operationId | statuses | who |
|---|---|---|---|---|
"""


def import_all() -> None:
    """Import every module of the backend, so that every Problem is declared."""
    for path in house.sources():
        parts = path.relative_to(house.ROOT).with_suffix("").parts
        if "migrations" not in parts:
            importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def problems_page() -> str:
    """docs/problems.md."""
    import_all()
    kinds = sorted(set(problems.all_kinds()), key=lambda kind: (kind.slug, kind.__name__))
    own = [kind for kind in kinds if kind.__module__.startswith("backend.")]
    return PROBLEMS_HEAD + "".join(_line(kind) for kind in own)


def _line(kind: type[Problem]) -> str:
    when = " ".join((kind.__dict__.get("__doc__") or "").split()).replace("|", "\\|")
    if kind is Problem:
        when = "A fault of ours; the log has it."
    place = f"`{kind.__module__.removeprefix('backend.')}.{kind.__name__}`"
    return f"| `{kind.slug}` | {kind.status} | {kind.title.zh} | {kind.title.en} | {when} | {place} |\n"


def states_page() -> str:
    """docs/states.md."""
    found = []
    for title, module, name in STATES:
        try:
            found.append((title, getattr(importlib.import_module(module), name)))
        except ModuleNotFoundError:
            continue
    return STATES_HEAD + "".join(states(title, table) for title, table in found)


def states(title: str, table: Table) -> str:
    """One machine: its moves, and the states that end it."""
    lines = [f"\n## {title}\n", "| state | verb | leads to | who |", "|---|---|---|---|"]
    lines += [
        f"| {state} | {verb} | {move.state} | {', '.join(sorted(move.roles))} |"
        for (state, verb), move in table.items()
    ]
    reached = dict.fromkeys(move.state for move in table.values())
    ends = [state for state in reached if not possible(table, state)]
    return "\n".join([*lines, "", f"Ends: {', '.join(ends) or 'none'}.", ""])


def wire_page() -> str:
    """docs/wire.md."""
    lines = []
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            roles = ", ".join(operation.get("x-roles", ())) or "anyone"
            statuses = " ".join(operation["responses"])
            lines.append(f"| {method.upper()} | `{path}` | {operation['operationId']} | {statuses} | {roles} |\n")
    return WIRE_HEAD + "".join(lines)


def document() -> dict[str, Any]:
    """The OpenAPI document, without a database."""
    api = Api(Flask("wire"))
    for capability in CAPABILITIES:
        api.register(capability.blp)
    return api.document()


PAGES = {"docs/problems.md": problems_page, "docs/states.md": states_page, "docs/wire.md": wire_page}
