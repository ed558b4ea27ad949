"""What became of mutations that came before."""
from typing import Any, NamedTuple

import orjson

from backend.core import sql
from backend.sync.rules import mutations as rules

_BEFORE = """
SELECT device_id, mutation_id, digest, status, data, problem, receipt FROM sync_result
WHERE account_id = ? AND mutation_id = ?
UNION ALL
SELECT device_id, mutation_id, digest, status, data, problem, receipt FROM sync_result
WHERE device_id = ? AND n = ? AND mutation_id IS NULL
"""


class Before(NamedTuple):
    """The answer to this very mutation, by whatever device of the account; whether this one used its id for another."""

    same: dict[str, Any] | None
    id_used: bool


def before(device: dict[str, Any], sent: dict[str, Any], digest: bytes) -> Before:
    """What is known of a mutation's id, and of what came under this number without right to it; one statement."""
    found = sql.plain(_BEFORE, (device["account_id"], sent["id"], device["id"], sent["n"]))
    same = next((each for each in found if bytes(each["digest"]) == digest), None)
    return Before(same, any(each["mutation_id"] and each["device_id"] == device["id"] for each in found))


def repeated(sent: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any]:
    """The answer to a repeat: the first one's; of one that is kept no longer only that it was done."""
    answer = {"n": sent["n"], "id": sent["id"], "status": rules.DUPLICATE, "data": None}
    if found is None:
        return answer
    answer |= {"first": found["status"], "data": _json(found["data"]), "problem": _json(found["problem"])}
    return answer | ({"receipt": found["receipt"]} if found["receipt"] else {})


def _json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
