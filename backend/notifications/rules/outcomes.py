"""What goes out, and what a gateway's answer means: sent, not sent, never to be sent, or nobody knows. Pure."""
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

SENT, REFUSED, HOPELESS, UNCLEAR = "sent", "refused", "hopeless", "unclear"

HOPELESS_CODES = frozenset({
    "isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.INVALID_PARAMETERS",
    "isv.TEMPLATE_MISSING_PARAMETERS", "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.SMS_TEMPLATE_ILLEGAL",
    "isv.SMS_SIGNATURE_ILLEGAL", "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.TemplateParameterFormatError",
    "InvalidParameterValue.TemplateParameterLengthLimit", "FailedOperation.TemplateIncorrectOrUnapproved",
    "FailedOperation.SignatureIncorrectOrUnapproved", "UnsupportedOperation.UnsupportedRegion",
})
"""Refusals of Aliyun and Tencent that no second try mends: the number, the template or the signature."""
UNSENT_STATUSES = frozenset({408, 421, 425, 429, 503})
"""Answers by which a gateway says that it took nothing over, but might later."""
LONGEST_CODE, LONGEST_ID = 60, 80


@dataclass(frozen=True, slots=True)
class Message:
    """One notice on its way. ``to`` is a phone number or an account; ``params`` as a provider wants them."""

    id: str
    template: str
    audience: str
    to: str
    text: str
    at: datetime
    params: tuple[tuple[str, str], ...] = field(default=())


class Outcome(NamedTuple):
    """What became of one try; ``code`` says why in a word, without anything personal."""

    kind: str
    code: str = ""
    provider_id: str | None = None


Reading = Callable[[int, bytes], Outcome]
"""What an answer's status and body mean."""


def sent(provider_id: Any = None) -> Outcome:
    """The gateway took it over."""
    return Outcome(SENT, "", None if provider_id is None else str(provider_id)[:LONGEST_ID])


def refused(code: str) -> Outcome:
    """The gateway did not take it over, whether or not another try can help."""
    return Outcome(HOPELESS if code in HOPELESS_CODES else REFUSED, code[:LONGEST_CODE])


def of_webhook(status: int, body: bytes) -> Outcome:
    """A webhook's answer: 2xx is sent (``{"id": …}`` names it), 5xx tells nothing, the rest is a refusal."""
    if 200 <= status < 300:
        found = _parsed(body)
        return sent(found.get("id") if isinstance(found.get("id"), (str, int)) else None)
    return _by_status(status)


def of_aliyun(status: int, body: bytes) -> Outcome:
    """Aliyun's answer: ``Code`` is OK and ``BizId`` the message, or says what was wrong."""
    found = _parsed(body)
    code = found.get("Code")
    if code == "OK" and status == 200:
        return sent(found.get("BizId"))
    if not isinstance(code, str) or status >= 500:
        return _by_status(status)
    return refused(code)


def of_tencent(status: int, body: bytes) -> Outcome:
    """Tencent's answer: an ``Error`` of the whole, or the ``Code`` of the one number."""
    answer = _parsed(body).get("Response")
    if status >= 500 or not isinstance(answer, dict):
        return _by_status(status)
    if isinstance(answer.get("Error"), dict):
        return refused(str(answer["Error"].get("Code", "error")))
    statuses = answer.get("SendStatusSet")
    if not isinstance(statuses, list) or len(statuses) != 1 or not isinstance(statuses[0], dict):
        return Outcome(UNCLEAR, "odd-answer")
    if statuses[0].get("Code") == "Ok":
        return sent(statuses[0].get("SerialNo"))
    return refused(str(statuses[0].get("Code", "error")))


def _by_status(status: int) -> Outcome:
    if status in UNSENT_STATUSES or 300 <= status < 500:
        return Outcome(REFUSED, f"http-{status}")
    return Outcome(UNCLEAR, f"http-{status}" if status >= 500 else "odd-answer")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
