"""What a route is: an operation as its capability declares it, before it is served."""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from marshmallow import Schema

from backend.core import clock
from backend.core.actor import Actor
from backend.core.problems import Problem
from backend.core.shapes import Empty

PUBLIC: frozenset[str] = frozenset()
EMPTY = Empty()
READING = ("GET", "HEAD", "OPTIONS")


class Doors(Protocol):
    """What the application hands to the edge: its clock, and who a token belongs to."""

    clock: clock.Clock

    def authenticate(self, token: str, now: datetime) -> Actor | None: ...


class Header(NamedTuple):
    """A header of requests or answers, with the JSON schema of what it says."""

    name: str
    shape: dict[str, Any]
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation as declared; ``roles`` is PUBLIC or the roles that may call it.

    ``at_once``: the view is one transaction, in which its result is shown as well; what was just
    written is read where it is at hand. ``raw``: the media type of a body that is no JSON, given to the
    view as ``data``. ``headers`` are further ones that the view itself asks for, ``gives`` those that it
    answers with. ``when`` names a header of requests that take this route instead of the one of the same
    method and address declared before it, which has it among its ``instead``. ``mends``: text that no database
    keeps (NUL, half a character) is taken with a mark in its place, where refusing the body would refuse what it
    brings besides.
    """

    method: str
    rule: str
    view: Callable[..., Any]
    roles: frozenset[str]
    answers: Schema | None = None
    media: str | tuple[str, ...] = "application/json"
    status: int = 200
    query: Schema | None = None
    body: Schema | None = None
    raw: str = ""
    shows: Callable[..., Any] | None = None
    within: Callable[..., Any] | None = None
    keyed: bool = False
    matched: bool = False
    upload: bool = False
    at_once: bool = False
    mends: bool = False
    refuses: tuple[type[Problem], ...] = ()
    cacheable: bool = False
    tagged: bool = True
    headers: tuple[str | Header, ...] = ()
    gives: tuple[Header, ...] = ()
    when: str = ""
    instead: "list[Route]" = field(default_factory=list, compare=False)

    @property
    def writes(self) -> bool:
        return self.method not in READING
