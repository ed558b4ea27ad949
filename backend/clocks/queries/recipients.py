"""To whom a card goes: the post that the ladder names, or the one above that has a holder (rules 4)."""
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from backend.clocks.rules import ladder
from backend.core import sql
from backend.org import rules as tree
from backend.org.rules import posts as places
from backend.people.queries import posts

ANSWERING = "agent"
"""The one who answers for the case: no post, an account."""

_ABLE = "SELECT id FROM account WHERE disabled_at IS NULL AND id IN ({})"
_SUPERVISOR = """
SELECT id FROM account
WHERE role = 'supervisor' AND unit_code = ? AND disabled_at IS NULL AND approval_by IS NOT NULL ORDER BY id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A post with its holder; ``account_id`` None where nobody holds any post on the way up."""

    code: str
    post: str
    account_id: str | None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class Recipients:
    """Who answers where, asked once for as long as this is kept: one pass of the job, or one act."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, str, str], Recipient] = {}
        self._supervisors: dict[str, str | None] = {}
        self._able: dict[str, bool] = {}

    def know(self, account_ids: Iterable[str | None]) -> None:
        """Find out in one statement which of these accounts are still in use."""
        asked = sorted({each for each in account_ids if each is not None} - set(self._able))
        if asked:
            found = sql.rows(_ABLE.format(", ".join("?" * len(asked))), asked)
            able = {row["id"] for row in found}
            self._able |= {each: each in able for each in asked}

    def of(self, found: dict[str, Any], rung: ladder.Rung) -> list[Recipient]:
        """The recipients of a clock's card, the one who must answer first, nobody twice."""
        chosen: list[Recipient] = []
        for name in rung.to:
            one = self._one(found, name)
            if all(one != other and (one.account_id or one) != other.account_id for other in chosen):
                chosen.append(one)
        return chosen

    def _one(self, found: dict[str, Any], name: str) -> Recipient:
        district = tree.district_of(found["unit_code"])
        if name == ladder.SUPERVISOR:
            return self._supervisor(district)
        if name == ladder.DISTRICT_DUTY:
            return self._post(district, places.DUTY, district)
        if found["department_code"] is not None:
            post = places.DUTY if name == ladder.AGENT else places.HEAD
            return self._post(found["department_code"], post, district)
        if name == ladder.AGENT:
            return self._agent(found, district)
        if name == ladder.UNIT_HEAD:
            return self._post(found["unit_code"], places.HEAD, district)
        return self._post(tree.township_of(found["unit_code"]), places.DUTY, district)

    def _agent(self, found: dict[str, Any], district: str) -> Recipient:
        account_id = found["account_id"]
        if account_id is not None:
            self.know([account_id])
            if self._able[account_id]:
                return Recipient(found["unit_code"], ANSWERING, account_id)
        return self._post(found["unit_code"], places.DUTY, district)

    def _supervisor(self, district: str) -> Recipient:
        if district not in self._supervisors:
            self._supervisors[district] = sql.value(_SUPERVISOR, (district,))
        account_id = self._supervisors[district]
        if account_id is None:
            return self._post(district, places.HEAD, district)
        return Recipient(district, ladder.SUPERVISOR, account_id)

    def _post(self, code: str, post: str, district: str) -> Recipient:
        key = (code, post, district)
        if key not in self._posts:
            found = posts.answering(code, post, district=district)
            self._posts[key] = Recipient(found["code"], found["post"], found["account_id"])
        return self._posts[key]
