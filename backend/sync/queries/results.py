"""What became of mutations that came before."""
from typing import Any

import orjson

from backend.core import sql
from backend.sync.rules import mutations as rules

_KNOWN = """
SELECT id, device_id, n, mutation_id, digest, status, data, problem, skewed FROM sync_result
WHERE account_id = ? AND mutation_id = ?
"""
_AGAIN = """
SELECT id, device_id, n, mutation_id, digest, status, data, problem, skewed FROM sync_result
WHERE device_id = ? AND n = ? AND mutation_id IS NULL
"""


def known(device: dict[str, Any], sent: dict[str, Any], digest: bytes) -> dict[str, Any] | None:
    """How this very mutation was answered before, by whatever device of the account; None where it is new."""
    found = by_id(device["account_id"], sent["id"])
    if found is not None and bytes(found["digest"]) == digest:
        return found
    again = sql.plain(_AGAIN, (device["id"], sent["n"]))
    return next((each for each in again if bytes(each["digest"]) == digest), None)


def by_id(account_id: str, mutation_id: str) -> dict[str, Any] | None:
    """The account's mutation with this id, whatever it said."""
    found = sql.plain(_KNOWN, (account_id, mutation_id))
    return found[0] if found else None


def repeated(sent: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any]:
    """The answer to a repeat: the first one's; of one that is kept no longer only that it was done."""
    answer = {"n": sent["n"], "id": sent["id"], "status": rules.DUPLICATE, "data": None}
    if found is None:
        return answer
    answer |= {"first": found["status"], "data": _json(found["data"]), "problem": _json(found["problem"])}
    return answer


def _json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
