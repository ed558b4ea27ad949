"""By which way an appointment is made, and who may use it. Pure."""
from datetime import timedelta

from backend.appointments.rules.states import BOOKERS
from backend.core.actor import ROLES, TOWNSHIP
from backend.core.problems import Forbidden, Invalid, NotSignedIn, invalid
from backend.org import rules as tree
from backend.people.rules.tries import Limit

PHONE, DESK, SELF = "phone", "desk", "self"
CHANNELS = (PHONE, DESK, SELF)

MADE_BY_SOURCE = Limit("booking-source", 600, window=timedelta(hours=1), lock=timedelta(hours=1))
"""So many appointments (and tries to learn whether somebody has one) an address may make in an hour by itself."""


def check_caller(channel: str, role: str) -> None:
    """Anybody books for himself; at desk and telephone those who answer there: NotSignedIn, Forbidden."""
    if channel == SELF:
        return
    if role not in ROLES:
        raise NotSignedIn()
    if role not in BOOKERS:
        raise Forbidden()


def reaches(channel: str, role: str, own_code: str | None, unit_code: str) -> bool:
    """Whether the caller may book at a unit: operators at their own, the office in its township, herself anywhere."""
    if channel == SELF:
        return True
    return tree.contains(own_code or "", unit_code) if role == TOWNSHIP else own_code == unit_code


def no_such_unit() -> Invalid:
    """The unit is not there, or not the caller's to book at."""
    return invalid("unit_code", "没有此机构", "No such unit.")
