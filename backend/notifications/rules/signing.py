"""Signatures: of our webhooks and receipts, and of the two text message providers. Pure.

Aliyun's is V3, ACS3-HMAC-SHA256 (its RPC products take their parameters in the query); Tencent's
is TC3-HMAC-SHA256. Both are held against the examples that the providers publish.
"""
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from backend.notifications.rules.outcomes import Message

ACS3, TC3 = "ACS3-HMAC-SHA256", "TC3-HMAC-SHA256"
ALIYUN_HOST, TENCENT_HOST = "dysmsapi.aliyuncs.com", "sms.tencentcloudapi.com"


class Request(NamedTuple):
    """What is posted: the path with its query, the headers, the body."""

    path: str
    headers: dict[str, str]
    body: bytes


def seal(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Our own mark, on webhooks and receipts alike: ``sha256=`` + hex HMAC of ``timestamp.nonce.body``."""
    text = f"{timestamp}.{nonce}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), text, "sha256").hexdigest()


def is_sealed(secret: str, timestamp: str, nonce: str, body: bytes, signature: str) -> bool:
    """Whether a signature is ours; compared in constant time."""
    return hmac.compare_digest(seal(secret, timestamp, nonce, body).encode(), signature.encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def query(params: Mapping[str, str]) -> str:
    """Parameters in order of their names, percent-encoded as RFC 3986 says."""
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in params.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def acs3(key_id: str, secret: str, canonical_query: str, headers: Mapping[str, str], body: bytes = b"") -> str:
    """Aliyun's Authorization header for a POST to ``/``; ``headers`` in small letters, all of them signed."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", canonical_query, lines, names, _sha256(body)])
    text = f"{ACS3}\n{_sha256(canonical.encode())}"
    signature = hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
    return f"{ACS3} Credential={key_id},SignedHeaders={names},Signature={signature}"


def tc3(
    key_id: str, secret: str, service: str, timestamp: int, headers: Mapping[str, str], body: bytes
) -> str:
    """Tencent's Authorization header for a POST to ``/``; ``headers`` in small letters, all of them signed."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", "", lines, names, _sha256(body)])
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join([TC3, str(timestamp), scope, _sha256(canonical.encode())])
    key = hmac.digest(f"TC3{secret}".encode(), day.encode(), "sha256")
    for part in (service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    return f"{TC3} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def aliyun(message: Message, *, key_id: str, secret: str, sign_name: str, code: str, host: str, nonce: str) -> Request:
    """SendSms of 2017-05-25 to one number; ``OutId`` is the notice, for receipts."""
    params = query({
        "PhoneNumbers": message.to, "SignName": sign_name, "TemplateCode": code, "OutId": message.id,
        "TemplateParam": json.dumps(dict(message.params), ensure_ascii=False, separators=(",", ":")),
    })
    headers = {
        "host": host,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": _sha256(b""),
        "x-acs-date": message.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": "2017-05-25",
    }
    headers["authorization"] = acs3(key_id, secret, params, headers)
    return Request(f"/?{params}", headers, b"")


def tencent(
    message: Message, *, key_id: str, secret: str, sign_name: str, code: str, app_id: str, region: str, host: str
) -> Request:
    """SendSms of 2021-01-11 to one number; ``SessionContext`` is the notice, for receipts."""
    body = json.dumps({
        "PhoneNumberSet": [f"+86{message.to}"], "SmsSdkAppId": app_id, "SignName": sign_name, "TemplateId": code,
        "TemplateParamSet": [value for _, value in message.params], "SessionContext": message.id,
    }).encode()
    timestamp = int(message.at.timestamp())
    signed = {"content-type": "application/json; charset=utf-8", "host": host}
    return Request("/", signed | {
        "authorization": tc3(key_id, secret, "sms", timestamp, signed, body),
        "x-tc-action": "SendSms", "x-tc-version": "2021-01-11", "x-tc-timestamp": str(timestamp),
        "x-tc-region": region,
    }, body)
