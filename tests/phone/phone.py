"""A phone of an agent: notes what is done without a signal, and brings it to the server when there is one.

    phone = Phone(Path("phone.db"), Line("127.0.0.1", 8000), "agent-331003001001", "…")
    case = phone.register({"item_code": "MZ-003", …})     # at once, no signal needed
    phone.act("errand.note", case, {"text": "…"})
    phone.sync()                                          # False: no signal, nothing lost, try again
"""
import gzip
import json
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.phone import photos, words
from tests.phone.death import immortal
from tests.phone.line import Answer, NoSignal, Way
from tests.phone.store import Store
from tests.phone.watch import Watch

MOST, MOST_BYTES = 100, 240 * 1024
"""Operations in one push, and bytes of them: the server takes 100 and 256 KiB."""
PAGE = 500
Picture = tuple[str, str, bytes]
"""Id, media type, content."""


class Busy(NoSignal):
    """The server asks to come again later (429, 503): the same as no signal to us."""


class Revoked(Exception):
    """The device was revoked. What waits is kept and shown; a person decides."""


class Unexpected(Exception):
    """The server refuses what this client sends: a fault of one of the two, never the user's."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body[:500]!r}")
        self.answer = answer


class Phone:
    """One phone in one agent's hands."""

    def __init__(
        self, path: Path, way: Way, username: str, password: str, *, watch: Watch | None = None,
        step: Any = immortal, page: int = PAGE,
    ) -> None:
        self.store, self.way, self.step = Store(path, step), way, step
        self.username, self.password, self.page = username, password, page
        self.watch = watch or Watch(timedelta(0))

    # ---- what the agent does; needs no signal

    def register(self, given: dict[str, Any], pictures: Iterable[Picture] = ()) -> str:
        """Take an errand; its id."""
        return self.act("errand.register", str(uuid.uuid4()), given, pictures)

    def act(
        self, operation: str, entity_id: str, given: dict[str, Any], pictures: Iterable[Picture] = ()
    ) -> str:
        """Note an operation; ``given`` is the body of the online route. The id of what it is about.

        Pictures have ids made here, by which ``given`` can name them; they go up when the words have arrived.
        """
        taken = list(pictures)
        mutation: dict[str, Any] = {
            "id": str(uuid.uuid4()), "type": operation, "entity_id": entity_id, "set": given,
            "occurred_at": self.watch.now(),
        }
        if operation not in words.MAKES and operation not in words.ADDS:
            seen = self.look(words.kind_of(operation), entity_id)
            mutation["base_version"] = seen["version"]
            mutation["base"] = _base(operation, given, seen)
        if taken:
            mutation["files"] = [
                {"id": key, "media_type": media_type, "size": len(content)} for key, media_type, content in taken
            ]
        self.store.put(mutation, taken)
        return entity_id

    def look(self, kind: str, entity_id: str) -> dict[str, Any]:
        """A thing as the agent sees it: what the server told, and on top of it what was done here since."""
        held = self.store.row(kind, entity_id) or {"version": 0, "data": {}}
        seen = {"version": held["version"], "data": dict(held["data"])}
        for operation in self.store.touching(entity_id):
            known = operation["data"] or {}
            if known and known.get("version", 0) <= held["version"]:
                continue
            seen["version"] = max(seen["version"], known.get("version", 0), 1)
            if operation["type"] == "errand.materials":
                seen["data"]["materials"] = _laid(seen["data"].get("materials", []), operation["set"]["materials"])
            elif operation["type"] in words.EDITS or operation["type"] in words.MAKES:
                seen["data"] |= operation["set"]
            state = known.get("state") or words.LEADS_TO.get(operation["type"])
            if state:
                seen["data"]["state"] = state
        return seen

    # ---- with a signal

    def sync(self) -> bool:
        """Bring there what waits, fetch what is new, then the photos. False where the signal went: call again."""
        try:
            self.register_device()
            self.push()
            self.pull()
            photos.send(self)
        except NoSignal:
            return False
        return True

    def register_device(self) -> None:
        """Make this phone known, once; with one key until an answer came, so that it is one device."""
        if self.store.fact("device_id") is None:
            made = self._new_device()
            self.store.remember(device_id=made["device_id"], epoch=made["epoch"], device_key=None)

    def _new_device(self) -> dict[str, Any]:
        key = self.store.fact("device_key")
        if key is None:
            key = str(uuid.uuid4())
            self.store.remember(device_key=key)
        answer = self.ask("POST", "/sync/devices", {"name": f"{self.username} 的手机"}, {"Idempotency-Key": key})
        if answer.status != 201:
            raise Unexpected(answer)
        self.step("device answered")
        return dict(answer.json)

    def push(self) -> None:
        """Send what waits, in order, until nothing waits. Each answer is stored before the next is asked for.

        After a sign-in and after a reset once even where nothing waits: so that the sign-in ends with the device where
        that is revoked, and that a server that came back from a backup can say what it lacks.
        """
        while (waiting := self.store.waiting(MOST, MOST_BYTES)) or not self._has_greeted():
            answer = self.ask("POST", "/sync/push", {
                "device_id": self.store.fact("device_id"), "mutations": waiting, "sent_at": self.watch.now(),
                "outbox_size": self.store.count_waiting(), "rows": self.store.count_held(),
            })
            self.step("push answered")
            if answer.status == 200:
                self.store.settle(answer.json["results"], answer.json["server_time"][:10])
                self.store.remember(greeted=self.store.fact("token"))
                if not waiting and answer.json["next_n"] < self.store.fact("next_n", 1):
                    self._again_from(answer.json["next_n"])
            elif answer.problem == "out-of-order":
                self._again_from(answer.json["expected_n"])
            elif answer.problem == "device-revoked":
                raise Revoked()
            elif answer.status == 404:
                self._start_over()
            else:
                raise Unexpected(answer)

    def _has_greeted(self) -> bool:
        return self.store.fact("greeted") is not None and self.store.fact("greeted") == self.store.fact("token")

    def _again_from(self, expected: int) -> None:
        """The server came back from a backup and lacks what it had acknowledged: it gets it again."""
        if not self.store.send_again(expected):
            self._start_over()

    def _start_over(self) -> None:
        """The server does not know this device (any more), nor what it did: be a new one, with all that is kept."""
        made = self._new_device()
        self.store.renumber(made["device_id"], made["epoch"])

    def pull(self) -> None:
        """Read what is new, page by page, until there is no more."""
        while True:
            cursor = self.store.fact("cursor")
            asked = f"/sync/changes?limit={self.page}" + (f"&cursor={cursor}" if cursor else "")
            answer = self.ask("GET", asked)
            self.step("page answered")
            if answer.status == 304:
                return
            if answer.problem == "reset-required":
                self.store.forget()
                self.push()
                continue
            if answer.status != 200:
                raise Unexpected(answer)
            page = answer.json
            if self.store.take(page, cursor) and not page["has_more"]:
                self.store.tidy()
                return

    def compare(self) -> list[str]:
        """Whether we hold what the server would give us; the types that differ. Once a day is enough."""
        answer = self.ask("POST", "/sync/digest", {"buckets": self.store.digest(), "cursor": self.store.fact("cursor")})
        if answer.status == 200:
            return []
        if answer.status != 412:
            raise Unexpected(answer)
        return list(answer.json["differing"])

    def mend(self) -> None:
        """Where they differ, read everything anew: the outbox is not touched."""
        if self.compare():
            self.store.forget()
            self.pull()

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request as this account; signs in (again) where that is needed."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json"} if data is not None else {}
        return self.send(method, path, data, sent | (headers or {}))

    def send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        """One request of bytes as this account. Busy where the server asks to come again later."""
        for fresh in (False, True):
            token = self.store.fact("token")
            if token is None or fresh:
                token = self._sign_in()
            sent = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {token}"} | headers
            answer = self.way.send(method, path, data, sent)
            if answer.status != 401:
                break
        if answer.headers.get("content-encoding") == "gzip":
            answer = answer._replace(body=gzip.decompress(answer.body))
        if answer.status in (429, 503) or answer.problem == "still-running":
            raise Busy()
        return answer

    def _sign_in(self) -> str:
        body = {"username": self.username, "password": self.password, "device_name": "phone"}
        answer = self.way.send(
            "POST", "/sessions", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        if answer.status in (429, 503):
            raise Busy()
        if answer.status != 201:
            raise Unexpected(answer)
        token = str(answer.json["token"])
        self.store.remember(token=token)
        return token


def _laid(papers: list[dict[str, Any]], laid: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An errand's papers, those among them that were laid as they are now."""
    known = {paper["name"]: paper for paper in papers}
    return list((known | {paper["name"]: {"deferred_until": None} | paper for paper in laid}).values())


def _base(operation: str, given: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    """What the agent saw when he acted: the former values of what he edited, the state in which he gave a command."""
    data = seen["data"]
    if operation == "errand.materials":
        named = {paper["name"] for paper in given["materials"]}
        papers = [paper for paper in data.get("materials", ()) if paper["name"] in named]
        return {"materials": [
            {name: paper[name] for name in ("name", "received", "deferred_until") if name in paper} for paper in papers
        ]}
    if operation in words.EDITS:
        return {name: data.get(name) for name in given}
    return {"state": data["state"]} if "state" in data else {}
