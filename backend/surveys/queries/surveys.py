"""Surveys as they are shown: begun ones to everybody, drafts to the supervising office."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.reports.queries import coverage
from backend.surveys import rules

KIND, BATCHES = "surveys", "survey-slips"
_COLUMNS = """
id, state, title, introduction, sections, unit_codes, least_answers, issued, closes_at, opened_at, closed_at,
published_at, version
"""
_BATCHES = """
SELECT first, last, unit_code FROM survey_batch WHERE survey_id = ? AND first > ? ORDER BY first LIMIT ?
"""
_RETURNED = "SELECT COALESCE(sum(answers), 0) FROM survey_group WHERE survey_id = ?"


def keeps(actor: Actor, district_code: str) -> bool:
    """Whether drafts of the district, and what was given out, are the actor's to see."""
    return actor.role in rules.KEEPERS and scope.district(actor) == district_code


def row(survey_id: str, actor: Actor, *, lock: str = "") -> dict[str, Any]:
    """The survey as stored; NotFound for a draft, or a dropped one, of which the actor may not know.

    ``lock`` is UPDATE, or SHARE for what must not be closed meanwhile.
    """
    suffix = f" FOR {lock}" if lock and sql.on_postgresql() else ""
    found = sql.row(f"SELECT * FROM survey WHERE id = ?{suffix}", (survey_id,))
    if found is None or found["state"] not in rules.BEGUN and not keeps(actor, found["district_code"]):
        raise NotFound()
    return found


def own(survey_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The survey, of the actor's own district; NotFound for any other."""
    found = row(survey_id, actor, lock="UPDATE" if lock else "")
    if found["district_code"] != scope.district(actor):
        raise NotFound()
    return found


def one(survey_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One survey with its questions; how many came back about, for whom it concerns."""
    found = row(survey_id, actor)
    keeper = keeps(actor, found["district_code"])
    returned = answers(survey_id) if keeper else 0
    about = returned - returned % found["least_answers"] if found["state"] == rules.OPEN else returned
    kept = {name.strip(): found[name.strip()] for name in _COLUMNS.split(",")}
    return _shown(kept, keeper) | {"returned_about": about if keeper and returned >= found["least_answers"] else None}


def _shown(found: dict[str, Any], keeper: bool) -> dict[str, Any]:
    found["sections"], found["unit_codes"] = orjson.loads(found["sections"]), orjson.loads(found["unit_codes"])
    for question in (each for section in found["sections"] for each in section["questions"]):
        question.setdefault("choices", None)
    return found | {"issued": found["issued"] if keeper else None}


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Surveys of the districts asked about, else of the caller's, the newest first; open ones unless asked for more."""
    districts = {coverage.district_of(code, actor) for code in query["unit_code"] or [None]}
    wanted = states_of(query["state"], rules.STATES, (rules.OPEN,))
    before = values_of(KIND, query["cursor"])[0] if query["cursor"] else "\U0010ffff"
    branches, params = [], []
    for district in sorted(districts):
        for state in rules.STATES:
            if state in wanted and (state in rules.BEGUN or keeps(actor, district)):
                branches.append(
                    f"SELECT * FROM (SELECT {_COLUMNS}, district_code FROM survey "
                    "WHERE district_code = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?) AS branch"
                )
                params += [district, state, before, query["limit"] + 1]
    if not branches:
        return Page([], None)
    found = sql.rows(f"{' UNION ALL '.join(branches)} ORDER BY id DESC LIMIT ?", [*params, query["limit"] + 1])
    part = page(KIND, found, query["limit"], ("id",))
    return Page([_shown(each, keeps(actor, each.pop("district_code"))) for each in part.items], part.next_cursor)


def batches(survey_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """Which slips were given out for which unit; NotFound for another district's survey."""
    own(survey_id, actor)
    after = values_of(BATCHES, query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(_BATCHES, (survey_id, after, query["limit"] + 1))
    part = page(BATCHES, found, query["limit"], ("first",))
    return Page([each | {"unit_code": each["unit_code"] or None} for each in part.items], part.next_cursor)


def answers(survey_id: str) -> int:
    """How many answered."""
    return int(sql.value(_RETURNED, (survey_id,)))


def over(now: int, limit: int) -> list[str]:
    """Open surveys whose end has come."""
    text = "SELECT id FROM survey WHERE state = 'open' AND closes_at < ? ORDER BY closes_at, id LIMIT ?"
    return [survey_id for (survey_id,) in sql.execute(text, (now, limit)).fetchall()]
