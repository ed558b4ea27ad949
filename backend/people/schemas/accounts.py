"""Shapes of accounts, sessions and the second factor."""
from marshmallow import fields, validate

from backend.core.actor import ROLES
from backend.core.shapes import Code, Flag, Instant, ListQuery, Shape, Text, one_of

USERNAME = r"[a-z0-9][a-z0-9._-]{2,63}"
UNIT = r"[0-9]{12}"
DEPARTMENT = r"[A-Za-z0-9_-]{1,16}"


def _role(**more: object) -> fields.String:
    return fields.String(validate=one_of(ROLES), **more)  # type: ignore[arg-type]


class SignIn(Shape):
    """What a person signs in with."""

    username = Text(64, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 128))
    device_name = Text(100)
    totp = Code("[0-9]{6}")


class SignedInAccount(Shape):
    """Who signed in."""

    id = fields.String(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    role = _role(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    department_code = fields.String(required=True, allow_none=True)


class SignedIn(Shape):
    """A new session; the token is told this once. A one-time password is to be changed now."""

    token = fields.String(required=True)
    expires_at = Instant(required=True)
    password_change_due = Flag(required=True)
    account = fields.Nested(SignedInAccount, required=True)


class SessionShape(Shape):
    """A signed-in device."""

    id = fields.String(required=True)
    device_name = fields.String(required=True, allow_none=True)
    made_at = Instant(required=True)
    expires_at = Instant(required=True)
    current = Flag(required=True)


class AccountShape(Shape):
    """A colleague: name and place; admins, and the person himself, read the whole sheet."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    role = _role(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    department_code = fields.String(required=True, allow_none=True)
    username = fields.String()
    phone = fields.String(allow_none=True)
    state = fields.String(validate=one_of(("enabled", "pending", "disabled")))
    second_factor = Flag()
    password_expires_at = Instant(allow_none=True)
    proposed_by = fields.String(allow_none=True)
    approved_by = fields.String(allow_none=True)
    sample = Flag()
    made_at = Instant()


class IssuedAccount(AccountShape):
    """An account with the one-time password to hand over, while that is still to be changed.

    Of a supervisor's or admin's who made it is told the first half, who approves it the second: neither can sign in.
    """

    one_time_password = fields.String(required=True, allow_none=True)


class AccountQuery(ListQuery):
    """Filters of the list of staff; a repeated one means or."""

    unit_code = fields.List(Code(UNIT), load_default=list)
    role = fields.List(_role(), load_default=list)
    department_code = fields.List(Code(DEPARTMENT), load_default=list)


class NewAccount(Shape):
    """An account to make."""

    username = Code(USERNAME, required=True)
    name = Text(60, required=True)
    role = _role(required=True)
    unit_code = Code(UNIT, required=True)
    department_code = Code(DEPARTMENT, load_default=None, allow_none=True)
    phone = Text(32, load_default=None, allow_none=True)


class AccountChanges(Shape):
    """What to change of an account; what is left out stays."""

    name = Text(60)
    phone = Text(32, allow_none=True)
    role = _role()
    unit_code = Code(UNIT)
    department_code = Code(DEPARTMENT, allow_none=True)


class Disabling(Shape):
    """Why an account is shut out."""

    reason = Text(200, load_default="")


class PasswordReset(Shape):
    """Whether a lost second factor goes as well."""

    clear_second_factor = Flag(load_default=False)


class PasswordChange(Shape):
    """The present password, and the one to come."""

    old = fields.String(required=True, validate=validate.Length(1, 128))
    new = fields.String(required=True, validate=validate.Length(8, 128))


class SecondFactorShape(Shape):
    """The second factor; secret and address while it waits for its first code."""

    state = fields.String(required=True, validate=one_of(("off", "pending", "on")))
    secret = fields.String(required=True, allow_none=True)
    otpauth_uri = fields.String(required=True, allow_none=True)


class OneTimeCode(Shape):
    """A code of the authenticator."""

    code = Code("[0-9]{6}", required=True)
