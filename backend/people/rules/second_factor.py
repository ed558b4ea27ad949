"""Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 seconds)."""
import base64
import hmac
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

from backend.core.actor import ADMIN, OFFICE, SUPERVISOR
from backend.core.problems import IllegalMove, NotSignedIn, Text

STEP_SECONDS, DIGITS, SKEW_STEPS = 30, 6, 1
ROLES = frozenset({SUPERVISOR, OFFICE, ADMIN})
ISSUER = "Daiban"


class SecondFactorRequired(NotSignedIn):
    """The password was right; a fresh code is missing or wrong."""

    slug, title = "second-factor-required", Text("请输入动态验证码", "A fresh one-time code is needed")


class SecondFactorOn(IllegalMove):
    slug, title = "second-factor-on", Text("动态验证码已启用", "The second factor is already on")


class SecondFactorNotBegun(IllegalMove):
    slug, title = "second-factor-not-begun", Text("尚未开始设置动态验证码", "The second factor was not begun")


def step_at(now: datetime) -> int:
    """The number of the time step of ``now``."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of a step; ``secret`` is base32."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(code: str, secret: str, last_step: int, now: datetime) -> int | None:
    """The step that ``code`` belongs to: near ``now`` and after the last one used; else None."""
    present, found = step_at(now), None
    for step in range(present - SKEW_STEPS, present + SKEW_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > last_step:
            found = found or step
    return found


def uri(secret: str, username: str) -> str:
    """The otpauth address that an authenticator reads from a QR code."""
    label = quote(f"{ISSUER}:{username}")
    facts = {"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(facts)}"
