"""Pages by keyset: a cursor is the last row's sort values, signed, opaque to clients."""
import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from backend.core import clock, secrets
from backend.core.problems import Invalid, invalid


class Page(NamedTuple):
    """One page of a list; ``next_cursor`` is None on the last."""

    items: list[Any]
    next_cursor: str | None


def states_of(asked: Sequence[str], every: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """Which states a list shows: those asked for, each once; ``all`` means every one, nothing the usual ones."""
    return tuple(every) if "all" in asked else tuple(dict.fromkeys(asked or usual))


def cursor_of(kind: str, values: list[Any]) -> str:
    """The cursor after a row whose sort values are these (JSON scalars), for lists of ``kind``."""
    body = orjson.dumps(values)
    return base64.urlsafe_b64encode(_mark(kind, body) + body).decode().rstrip("=")


def values_of(kind: str, cursor: str) -> list[Any]:
    """The sort values in a cursor of ours for ``kind``; 422 ``cursor`` for any other text."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    if not hmac.compare_digest(raw[:9], _mark(kind, raw[9:])):
        raise _not_ours()
    return list(orjson.loads(raw[9:]))


def _mark(kind: str, body: bytes) -> bytes:
    return hmac.digest(secrets.keys().server, b"cursor|" + kind.encode() + b"|" + body, "sha256")[:9]


def _not_ours() -> Invalid:
    return invalid("cursor", "游标无效，请从第一页重新读取", "Not a cursor of this list.")


def page(kind: str, found: list[Any], limit: int, key: tuple[Any, ...]) -> Page:
    """A page of ``limit`` rows out of ``limit + 1`` found; ``key`` names (or numbers) the sort columns."""
    if len(found) <= limit:
        return Page(found, None)
    kept = found[:limit]
    last = kept[-1]
    return Page(kept, cursor_of(kind, [_scalar(last[name]) for name in key]))


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.to_micros(value)
    return value.isoformat() if isinstance(value, date) else value
