"""Who acts, and the call in whose course the act happens."""
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

AGENT = "agent"
OPERATOR = "operator"
TOWNSHIP = "township"
HANDLER = "handler"
PROJECT_AGENT = "project_agent"
OFFICE = "office"
SUPERVISOR = "supervisor"
ADMIN = "admin"
ROLES = (AGENT, OPERATOR, TOWNSHIP, HANDLER, PROJECT_AGENT, OFFICE, SUPERVISOR, ADMIN)

ANONYMOUS = "anonymous"
SYSTEM = "system"


@dataclass(slots=True)
class Call:
    """One call at the edge: what the caller sent to be safe, and what he gets as proof.

    ``key`` is the idempotency key (None where none was sent), ``route`` the method and concrete
    path, ``digest`` of the body as JSON value; ``if_match`` the version the caller last saw
    (None: not sent or ``*``). ``fence`` is asked at the beginning of each transaction and raises
    where the caller may act no longer. The transaction fills ``receipt`` (``seq.hash``) and, where
    ``shows`` is set, ``shown``: what its action returned, and how that looks before the commit.
    """

    key: str | None = None
    scope: str = ""
    route: str = ""
    digest: bytes = b""
    if_match: int | None = None
    fence: Callable[[], None] | None = None
    receipt: str | None = None
    shows: Callable[[Any], Any] | None = None
    shown: tuple[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """An account that acts, or the system, or somebody without account.

    ``unit_code`` roots the actor's scope; ``department_code`` is set for handlers only.
    """

    id: str
    name: str
    role: str
    unit_code: str | None = None
    department_code: str | None = None
    session_id: str | None = None
    device: str | None = None
    call: Call = field(default_factory=Call, compare=False)

    def calling(self, call: Call) -> "Actor":
        """The same actor in the course of ``call``."""
        return Actor(
            self.id, self.name, self.role, self.unit_code, self.department_code, self.session_id, self.device, call
        )

    @property
    def signed_in(self) -> bool:
        return self.role in ROLES


def system(name: str) -> Actor:
    """The product itself, acting by a job or a command called ``name``."""
    return Actor(id=f"system:{name}", name=name, role=SYSTEM)


def anonymous() -> Actor:
    """Somebody without account."""
    return Actor(id="", name="", role=ANONYMOUS)
