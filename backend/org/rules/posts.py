"""Posts (岗位): ``head`` and ``duty`` of a unit or department; a vacant one passes the matter up (rules 4).

A code of twelve digits is a unit's, any other a department's. Departments have no place of their own
in the tree: their posts are held anew in each district.
"""
import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from backend.core.actor import ADMIN
from backend.core.problems import Forbidden
from backend.org import rules

T = TypeVar("T")

HEAD, DUTY = "head", "duty"
POSTS = (DUTY, HEAD)
_UNIT = re.compile(r"[0-9]{12}")


class Step(NamedTuple):
    """One post on the way up."""

    code: str
    post: str


def is_unit(code: str) -> bool:
    """Whether the code is a unit's, not a department's."""
    return _UNIT.fullmatch(code) is not None


def district_of(code: str, district_code: str | None) -> str:
    """The district in which the post stands: told by a unit's code, to be named for a department's."""
    if is_unit(code):
        return rules.district_of(code)
    if district_code is None:
        raise ValueError(f"the posts of department {code} are those of a district; name it")
    return district_code


def climb(code: str, post: str, district_code: str | None = None) -> list[Step]:
    """The posts that a matter for this one meets, nearest first (rules 4).

    From a duty post to the head of the same body, then to duty and head of each level above, up to
    the district's; from a head straight to the level above. A department's level above is the
    district. The district's duty post is on every way: there a matter ends that nobody else takes.
    """
    district = district_of(code, district_code)
    steps = [Step(code, DUTY), Step(code, HEAD)] if post == DUTY else [Step(code, HEAD)]
    for above in _above(code, district):
        steps += [Step(above, DUTY), Step(above, HEAD)]
    last = Step(district, DUTY)
    return steps if last in steps else [*steps, last]


def _above(code: str, district_code: str) -> list[str]:
    """The bodies over this one, nearest first, the district last."""
    found: list[str] = []
    for above in (rules.township_of(code) if is_unit(code) else code, district_code):
        if above not in (code, *found):
            found.append(above)
    return found


def first_held(steps: list[Step], holder_of: Callable[[Step], T | None]) -> tuple[Step, T | None]:
    """The first post with a holder, and who that is; the last resort and None where all are vacant."""
    for step in steps:
        found = holder_of(step)
        if found is not None:
            return step, found
    return next(step for step in reversed(steps) if step.post == DUTY), None


def may_hold(step_code: str, district_code: str, unit_code: str | None, department_code: str | None) -> bool:
    """Whether an account of this place fits a post: of that unit or one above it, or of that department.

    A handler reads only what is forwarded to his department: he holds no post of a unit below his.
    """
    own = unit_code or ""
    if not is_unit(step_code):
        return department_code == step_code and own == district_code
    return own == step_code or department_code is None and bool(own) and rules.contains(own, step_code)


def check_reach(role: str, unit_code: str | None, code: str) -> None:
    """Forbidden unless an admin of the district, or the township for itself and its villages."""
    if role != ADMIN and not (is_unit(code) and rules.contains(unit_code or "", code)):
        raise Forbidden("只能安排本机构及其下级机构的岗位", "Only posts of your own subtree may be filled")


def check_not_self(role: str, actor_id: str, post: str, account_id: str | None) -> None:
    """Forbidden where an admin would make himself a head, who may extend limits: nobody grants to himself."""
    if role == ADMIN and post == HEAD and account_id == actor_id:
        raise Forbidden("不能为自己授权", "Nobody grants to himself")
