"""Accounts: which role fits where, how long a session lasts, and what needs two persons."""
from datetime import timedelta

from backend.core.actor import (
    ADMIN,
    AGENT,
    HANDLER,
    OFFICE,
    OPERATOR,
    PROJECT_AGENT,
    SUPERVISOR,
    TOWNSHIP,
    Actor,
)
from backend.core.problems import Forbidden, IllegalMove, Invalid, NotSignedIn, Text, invalid

LEVELS = {
    AGENT: ("village", "township"),
    OPERATOR: ("township", "district"),
    TOWNSHIP: ("township",),
    HANDLER: ("district",),
    PROJECT_AGENT: ("district",),
    OFFICE: ("district",),
    SUPERVISOR: ("district",),
    ADMIN: ("district",),
}
TWO_PERSONS = frozenset({SUPERVISOR, ADMIN})
PRIVILEGED = frozenset({SUPERVISOR, ADMIN, OFFICE})

PHONE_SESSION = timedelta(days=30)
DESK_SESSION = timedelta(hours=12)
CHANGE_SESSION = timedelta(hours=1)
ONE_TIME_PASSWORD = timedelta(days=7)


class SignInRefused(NotSignedIn):
    """One answer for an unknown name, a wrong password, a disabled or unapproved account."""

    slug, title = "sign-in-refused", Text("用户名或密码不正确", "Username or password is not right")


class UsernameTaken(IllegalMove):
    slug, title = "username-taken", Text("用户名已被使用", "The username is taken")


class StrangersPassword(IllegalMove):
    """Who is to become supervisor or admin has set his own password first: nobody else may know it."""

    slug, title = "strangers-password", Text(
        "该账号还在用一次性密码，须由本人先修改密码", "Its holder has to set a password of his own first"
    )


class LastAdmin(IllegalMove):
    slug, title = "last-admin", Text("须至少保留一名可用的管理员", "One admin able to sign in must remain")


class NotPending(IllegalMove):
    slug, title = "nothing-to-approve", Text("该账号没有待批准的事项", "Nothing awaits approval here")


class AlreadyDisabled(IllegalMove):
    slug, title = "already-disabled", Text("该账号已停用", "The account is disabled already")


class NotDisabled(IllegalMove):
    slug, title = "not-disabled", Text("该账号未停用", "The account is not disabled")


def session_span(role: str, *, temporary: bool) -> timedelta:
    """How long a session lasts; with a one-time password just long enough to change it."""
    if temporary:
        return CHANGE_SESSION
    return DESK_SESSION if role in PRIVILEGED else PHONE_SESSION


def check_place(role: str, level: str, department_code: str | None) -> None:
    """Refuse a role that does not fit its unit's level, or a department where none belongs."""
    if level not in LEVELS[role]:
        raise invalid("unit_code", "该角色不能设在这一级机构", f"A {role} cannot be at a {level}")
    if (role == HANDLER) != (department_code is not None):
        raise _department()


def _department() -> Invalid:
    return invalid("department_code", "承办人须填写所属部门，其他角色不填",
                   "A handler needs a department, other roles have none")


def check_not_self(actor: Actor, account_id: str) -> None:
    """Nobody grants to himself: 403."""
    if actor.id == account_id:
        raise Forbidden("不能为自己授权", "Nobody grants to himself")


def check_second_person(actor: Actor, account_id: str, proposed_by: str | None) -> None:
    """An approval is by somebody who is neither the account nor who proposed it: 403."""
    check_not_self(actor, account_id)
    if actor.id == proposed_by:
        raise Forbidden("须由另一名管理员批准", "Another admin has to approve")


def check_own_password(role: str | None, password_until: object) -> None:
    """StrangersPassword where an account whose password an admin knows is to become supervisor or admin."""
    if role in TWO_PERSONS and password_until is not None:
        raise StrangersPassword()


def is_pending(role: str, approval_by: str | None) -> bool:
    """Whether the account waits for a second person before it can sign in."""
    return role in TWO_PERSONS and approval_by is None
