"""Saving a draft."""
from datetime import datetime
from typing import Any

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.files import queries as files
from backend.reports.actions import row
from backend.reports.queries import reports
from backend.reports.rules import filing


@transaction
def save(week: str, unit_code: str, *, given: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Keep what a clerk has written so far: ``sites`` (whole or some), ``problems``, ``plan``; week and unit.

    What is not given stays as it was saved, or prefilled. NotFound, IllegalMove once it is filed, WeekNotBegun,
    StaleVersion; Invalid for what can stand in no draft.
    """
    found, state = row.moved(week, unit_code, "save", actor=actor, now=now)
    body = found.row["body"] | plainly(given)
    if "sites" in given and given["sites"] is None:
        body.pop("sites", None)
    held = reports.ground(found, body | {"departments": {}}, now)
    filing.check_draft(body, held)
    body["departments"] = named(body, held)
    check_photos(given.get("photos"), actor)
    row.write(found, actor, body=body, state=state)
    ledger.record("report.save", "report", found.row["id"], scope=unit_code, fields=given)
    return [week, unit_code]


def named(body: dict[str, Any], held: filing.Ground) -> dict[str, str]:
    """The departments that a checked draft names, by what it calls them."""
    words = {one["asked_of"] for one in body.get("problems") or ()}
    words.update(code for one in body.get("sites") or () for code in one.get("onboarded") or ())
    return {word: held.departments[word] for word in sorted(words)}


def plainly(given: dict[str, Any]) -> dict[str, Any]:
    """The body of a draft or correction as it is kept: readiness and departments by code, days as text."""
    found = {name: given[name] for name in ("plan", "problems", "sites", "photos") if given.get(name) is not None}
    if "problems" in found:
        found["problems"] = [
            {"text": one["text"], "asked_of": one["asked_of"],
             "due_on": one["due_on"].isoformat() if one.get("due_on") else None}
            for one in found["problems"]
        ]
    if "sites" in found:
        found["sites"] = [_site(one) for one in found["sites"]]
    return found


def check_photos(given: list[str] | None, actor: Actor) -> None:
    """Invalid for what is no photo that this township has handed in."""
    odd = set(given or ()) - files.pictures(given, actor) if given else ()
    if odd:
        raise invalid("photos", "没有这张照片，请先上传", "No such photo; hand it in first (POST /files).")


def _site(said: dict[str, Any]) -> dict[str, Any]:
    kept = dict(said)
    if "readiness" in kept:
        kept["readiness"] = {item["code"]: item["passed"] for item in kept["readiness"]}
    if "onboarded" in kept:
        kept["onboarded"] = {item["department_code"]: item["items"] for item in kept["onboarded"]}
    return kept
