"""One mutation is done: read, its thing looked at, and the very action of the online route called."""
from datetime import datetime
from typing import Any, NamedTuple

from backend.core import wire
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.files.actions import announcing
from backend.sync.actions import kinds
from backend.sync.actions.kinds import Kind
from backend.sync.queries import subjects
from backend.sync.rules import mutations as rules
from backend.sync.rules.numbering import IdTaken
from backend.sync.schemas.said import Said

SAID = Said()


class Done(NamedTuple):
    """How it ended, what is answered of it, and what is left for a person to decide."""

    status: str
    data: dict[str, Any]
    subject: str
    entity_id: str
    resident_id: str | None = None
    conflicts: dict[str, dict[str, Any]] = {}


def do(sent: dict[str, Any], *, actor: Actor, now: datetime) -> Done:
    """Within the mutation's transaction: do what the phone did. Any Problem of the online route, and IdTaken,
    UnexpectedState, Invalid."""
    kind = kinds.KINDS.get(sent["type"])
    if kind is None:
        raise invalid("type", "不认识的操作类型", "No such type of mutation.")
    said = wire.load(SAID, {name: sent[name] for name in SAID.fields if sent.get(name) is not None})
    rules.check_base(said.get("base_version"), needed=kind.how in (kinds.COMMAND, kinds.MERGE))
    body = wire.load(kind.body, said["set"])
    if kind.claims and said.get("occurred_at") is not None:
        body.setdefault("claimed_at", said["occurred_at"])
    if said["files"]:
        announcing.announce(said["files"], subject=(kind.subject, said["entity_id"]), actor=actor, now=now)
    do_it = {kinds.CREATE: _create, kinds.MERGE: _merge}.get(kind.how, _command)
    return do_it(kind, said, body, actor, now)


def _create(kind: Kind, said: dict[str, Any], body: dict[str, Any], actor: Actor, now: datetime) -> Done:
    entity_id = said["entity_id"]
    rules.check_made(entity_id)
    if subjects.is_taken(kind.subject, entity_id):
        raise IdTaken()
    kind.act(entity_id, body, actor=actor, now=now)
    return Done(rules.APPLIED, subjects.data(kind.subject, entity_id), kind.subject, entity_id)


def _command(kind: Kind, said: dict[str, Any], body: dict[str, Any], actor: Actor, now: datetime) -> Done:
    entity_id = said["entity_id"]
    found = subjects.held(kind.subject, entity_id, actor)
    rules.check_state(said["base"], found["state"])
    if kind.subject == "visit" and kind.claims and "claimed_at" in body:
        before = found["arrived_at"] or found["departed_at"]
        body["claimed_at"] = max(body["claimed_at"], before) if before else body["claimed_at"]
    ref = kind.act(entity_id, body, actor=actor, now=now)
    part = {"part_id": str(ref[1])} if isinstance(ref, list) else {}
    status = rules.outcome(said.get("base_version"), found["version"])
    return Done(status, subjects.data(kind.subject, entity_id) | part, kind.subject, entity_id)


def _merge(kind: Kind, said: dict[str, Any], body: dict[str, Any], actor: Actor, now: datetime) -> Done:
    entity_id, version = said["entity_id"], said["base_version"]
    found = kind.act(entity_id, body, base=said["base"], base_version=version, actor=actor, now=now)
    status = rules.CONFLICT if found.conflicts else rules.outcome(version, found.version)
    data = subjects.data(kind.subject, entity_id)
    if found.conflicts:
        data |= {"fields": sorted(found.conflicts)}
    return Done(status, data, kind.subject, entity_id, found.resident_id, found.conflicts)
