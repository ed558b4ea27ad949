"""A phone's side of the feed as the tests play it."""
import hashlib
from typing import Any

from tests.visits.calls import sent

TYPES = ("resident", "errand", "note", "visit", "appointment", "file")


class Phone:
    """Holds what it is told, by type and id; ``pull`` reads until there is nothing more."""

    def __init__(self, caller: Any, limit: int = 200) -> None:
        self.caller, self.limit, self.cursor = caller, limit, None
        self.held: dict[tuple[str, str], tuple[int, Any]] = {}
        self.budget: Any = None

    def page(self) -> Any:
        asked = {"limit": self.limit} | ({"cursor": self.cursor} if self.cursor else {})
        given = self.caller.get("/sync/changes", query_string=asked)
        if given.status_code == 410 and self.cursor:
            self.held, self.cursor = {}, None
            return self.page()
        answer = sent(given)
        assert len(answer["changes"]) <= self.limit
        for change in answer["changes"]:
            key = change["type"], change["id"]
            if change["op"] == "put":
                self.held[key] = change["version"], change["data"]
            else:
                self.held.pop(key, None)
        self.budget = answer.get("budget") or self.budget
        self.cursor = answer["cursor"]
        return answer

    def pull(self) -> list[Any]:
        """All changes until the end; residents and notes that nothing held refers to go."""
        found = []
        while True:
            answer = self.page()
            found += answer["changes"]
            if not answer["has_more"]:
                break
        self._sweep()
        return found

    def _sweep(self) -> None:
        whose = {data["resident"]["id"] for (kind, _), (_, data) in self.held.items() if kind in ("errand", "visit")}
        for kind, row_id in list(self.held):
            data = self.held[kind, row_id][1]
            if kind == "resident" and row_id not in whose:
                del self.held[kind, row_id]
            if kind == "note" and ("errand", data["errand_id"]) not in self.held:
                del self.held[kind, row_id]

    def of(self, kind: str) -> dict[str, Any]:
        """What it holds of a type, by id."""
        return {row_id: data for (held, row_id), (_, data) in self.held.items() if held == kind}

    def buckets(self) -> dict[str, str]:
        found: dict[str, list[str]] = {kind: [] for kind in TYPES}
        for (kind, row_id), (version, _) in self.held.items():
            found[kind].append(f"{row_id}:{version}")
        return {kind: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest() for kind, lines in found.items()}

    def check(self) -> Any:
        """The answer to telling the digest of what it holds."""
        body = {"buckets": self.buckets(), "cursor": self.cursor}
        return self.caller._send("POST", "/sync/digest", json=body)
