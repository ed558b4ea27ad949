"""Making and publishing templates: what is published is never changed, only followed by a next edition."""
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, strictjson, versions, wire
from backend.core.actor import Actor
from backend.core.problems import TooLarge
from backend.core.transaction import transaction
from backend.org.actions import departments
from backend.projects.actions import row
from backend.projects.models import ProjectTemplate
from backend.projects.queries import templates as found_templates
from backend.projects.rules import states, templatefiles, templates
from backend.projects.schemas import templates as shapes

LARGEST = 8 << 20
_LAST = "SELECT max(edition) FROM project_template WHERE code = ?"


@transaction
def draft(given: Mapping[str, Any], *, actor: Actor, now: datetime, sample: bool = False) -> str:
    """Keep a graph as the next edition of its code; the edition's id. Invalid names every fault, Cycle the ring."""
    body = templates.body_of(given)
    _check(body, now)
    figures = templates.figures(body["procedures"])
    template_id, edition = ids.new(now), (sql.value(_LAST, (given["code"],)) or 0) + 1
    sql.insert(
        ProjectTemplate, id=template_id, code=given["code"], edition=edition, name=given["name"], state=states.DRAFT,
        body=body, critical_path=figures["critical_path"], critical_days=figures["critical_path_working_days"],
        sample=sample, made_by=actor.id, made_at=now,
    )
    ledger.record(
        "template.draft", "project_template", template_id, fields=("code", "edition", "body"),
        detail={"code": given["code"], "edition": edition, "name": given["name"], "body": body},
    )
    return template_id


def _check(body: templates.Body, now: datetime) -> None:
    named = templates.departments_of(templates.everything(body))
    templates.check(body, found_templates.departments(named, clock.local_date(now).isoformat()))


@transaction
def publish(reference: str, *, actor: Actor, now: datetime) -> str:
    """Let projects be made from an edition, in place of the one before; its id.

    NotFound, IllegalMove, StaleVersion; Invalid where a department has gone meanwhile.
    """
    found = found_templates.row(reference, lock=True)
    state = moves.move(states.TEMPLATE_MOVES, found["state"], "publish", states.TEMPLATE_NAMES)
    versions.check_seen(found, actor)
    _check(found["body"], now)
    before = found_templates.published(found["code"])
    if before is not None:
        after = moves.move(states.TEMPLATE_MOVES, before["state"], "supersede", states.TEMPLATE_NAMES)
        row.amend(ProjectTemplate, before, state=after, published_code=None)
        ledger.record("template.supersede", "project_template", before["id"], fields=("state",))
    row.amend(ProjectTemplate, found, state=state, published_at=now, published_code=found["code"])
    ledger.record("template.publish", "project_template", found["id"], fields=("state",))
    return str(found["id"])


def import_template(source: Path | str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Read a template's file and publish it; ``changed`` False where it is published as it stands.

    Departments that the file names and nobody knows yet are made. Invalid names each fault, Malformed: no JSON.
    """
    path = Path(source)
    if path.stat().st_size > LARGEST:
        raise TooLarge(f"文件不得超过 {LARGEST >> 20} MiB", f"The file may have {LARGEST >> 20} MiB at most")
    reading = templatefiles.read(strictjson.parse(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), path.stem[:32])
    given = wire.load(shapes.TemplateFile(), reading.template)
    return _enter(given, reading, actor=actor, now=now)


@transaction
def _enter(
    given: dict[str, Any], reading: templatefiles.Reading, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    known = found_templates.departments(list(reading.departments), "0001-01-01")
    for code, name in reading.departments.items():
        if code not in known:
            departments.ensure(code, name, sample=reading.sample, actor=actor, now=now)
    before = found_templates.published(given["code"])
    changed = before is None or before["name"] != given["name"] or before["body"] != templates.body_of(given)
    if changed:
        publish(draft(given, actor=actor, now=now, sample=reading.sample), actor=actor, now=now)
    found = found_templates.published(given["code"]) or {}
    return {name: found[name] for name in ("code", "edition", "critical_path_working_days")} | {"changed": changed}
