"""Templates and projects to be met by the fuzzer."""
import itertools
import random
from typing import Any

from backend.core import sql
from tests import cast
from tests.conftest import START
from tests.projects.calls import furnish, procedure, project, template

_serials = itertools.count(1)
CODES = ("P01", "P02", "P03", "P30")


def add(known: Any) -> None:
    """Add a draft of a template, and a fresh project."""
    found = known.values
    whole = template(procedure("A"), procedure("B", "A"), code=f"F{next(_serials)}")
    made = known.caller("admin").post("/project-templates", whole)
    assert made.status_code == 201, made.json
    found["reference draft"] = [made.json["id"]]
    found["reference"] = ["sample", made.json["id"], made.json["code"]]
    made = project(known.caller("project_agent"), township_code=cast.TOWNSHIP)
    found["project_id"] = [*found["project_id"][-3:], made["id"]]
    found["paper_id"] = [furnish(known.caller("project_agent"), made, START)]
    found["served_project_id"] = [made["id"]]
    found["procedure_code"], found["served_code"] = list(CODES), ["P01"]
    found["project_agent_id"] = [known.caller("project_agent").get("/me").json["id"]]


def pool(name: str, path: str, chance: random.Random) -> str:
    """Which value an operation of projects is tried on."""
    if name == "reference" and path.endswith("/publication"):
        return chance.choice(("reference draft", "reference draft", "reference"))
    if name == "project_id" and ("/papers/" in path or "suspensions" in path or "deemed" in path):
        return "served_project_id"
    if name == "code":
        return "served_code" if "suspensions" in path or "deemed" in path else "procedure_code"
    return name


def draft(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    ring = ("B",) if chance.random() < 0.2 else ()
    return template(procedure("A", *ring), procedure("B", "A"), code=f"F{next(_serials)}")


def start(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "template_code": "sample", "name": "项目", "investor": "公司", "amount_fen": 1, "leader": "张",
        "agent_id": known.values["project_agent_id"][0],
    } | {name: drawn[name] for name in ("with_extension", "amount_fen") if name in drawn}


def grow(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    made = procedure(f"N{next(_serials)}", "P01", stage=chance.choice(("initiation", "land")))
    return made | ({"successors": ["P02"]} if chance.random() < 0.3 else {})


def join(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"department_code": chance.choice(("MZ", "WS", "ZZ"))}


def serve(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"signed_by": "王", "signed_at": "2026-02-12T10:00:00+08:00"}


def paper(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    own = sql.value("SELECT id FROM file WHERE account_id = ?", (known.values["project_agent_id"][0],))
    return {"name": "材料", "file_id": own or "none", "procedure_codes": chance.choice((["P01"], []))}


BODIES = {
    "project_templates_draft_template": draft, "projects_start_project": start, "projects_add_procedure": grow,
    "projects_join_procedure": join, "consents_serve": serve, "project_papers_hand_in_paper": paper,
}
