"""The way to the server: one request, one answer, or none."""
import http.client
import json
from typing import Any, NamedTuple, Protocol


class NoSignal(Exception):
    """No answer came. Whether the server did what was asked is unknown: ask again, with the same words."""


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The slug of a refusal, ``reset-required``; empty where it is none."""
        if self.status < 400 or not self.body or "json" not in self.headers.get("content-type", ""):
            return ""
        return str(self.json.get("type", "")).rpartition("/")[2]


class Way(Protocol):
    """Anything that takes requests to the server."""

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer: ...


class Line:
    """A connection that is kept, and made anew after it broke."""

    def __init__(self, host: str, port: int, timeout: float = 60) -> None:
        self.host, self.port, self.timeout = host, port, timeout
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One exchange; NoSignal where it broke on the way there or back."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            self.connection.request(method, f"/api/v1{path}", body, headers)
            answer = self.connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            raise NoSignal() from error

    def hang_up(self) -> None:
        """Forget the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
