"""Mystery visits, their plans and surveys to be met by the fuzzer, in the states that operations move on from."""
import random
from typing import Any

from tests import cast
from tests.inspections import calls as visits
from tests.surveys import calls as surveys

RIPE = {
    "answers": "open", "slips": "open", "slips.html": "open", "closing": "open", "publication": "closed",
    "results": "closed",
}
PLAN = {"unit_code": cast.VILLAGE, "planned_on": "2026-02-20"}


def add(known: Any) -> None:
    """Add a hidden visit, a plan, and a fresh survey in each state."""
    supervisor, found = known.caller("supervisor"), known.values
    found["inspection_id"] = [visits.recorded(supervisor)["id"]]
    found["plan_id"] = [supervisor.post("/inspection-plans", PLAN).json["id"]]
    draft = supervisor.post("/surveys", surveys.body()).json["id"]
    opened, closed = surveys.opened(supervisor), surveys.opened(supervisor)
    found["survey token"] = surveys.slips(supervisor, opened, 20)
    for token in surveys.slips(supervisor, closed, 5):
        surveys.answer(supervisor, closed, token)
    supervisor.put(f"/surveys/{closed}/closing")
    found["survey_id"] = [draft, opened, closed]
    found["survey_id draft"], found["survey_id open"], found["survey_id closed"] = [draft], [opened], [closed]
    found["first"] = [1]
    photo = visits.photo(supervisor)
    found["inspection_id shown"] = [visits.published(supervisor, findings=[
        {"text": "离岗", "points": -5, "photos": [photo["id"]]},
    ])["id"]]
    found["inspection photo"] = [photo["sha256"]]


def pool(name: str, path: str, chance: random.Random) -> str:
    """Which value an operation on them is tried on."""
    if name == "survey_id":
        return f"survey_id {RIPE.get(path.rsplit('/', 1)[-1], 'draft')}"
    if "/photos/" in path:
        return {"inspection_id": "inspection_id shown", "sha256": "inspection photo"}[name]
    return name


def record(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return visits.visit() | {name: drawn[name] for name in ("summary",) if name in drawn}


def amend(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {name: value for name, value in visits.visit().items() if name != "unit_code"}


def plan(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return PLAN | {name: drawn[name] for name in ("purpose",) if name in drawn}


def draw_up(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return surveys.body(**{name: drawn[name] for name in ("title", "introduction") if name in drawn})


def issue(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"count": 2, "unit_code": cast.VILLAGE}


def answer(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"token": chance.choice(known.values["survey token"]), "answers": surveys.answers()}


BODIES = {
    "inspections_record": record, "inspections_amend": amend, "inspections_plan": plan, "inspections_amend_plan": plan,
    "surveys_draw_up": draw_up, "surveys_amend": draw_up, "surveys_issue": issue, "surveys_answer": answer,
}
