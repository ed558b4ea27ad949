"""Refusals: the one way in which the product says no (RFC 9457).

A capability declares its own kinds beside the rule that raises them, by subclassing
:class:`Problem`; ``core.http`` alone renders them. Every slug stands in docs/problems.md.
"""
from typing import Any, NamedTuple


class Text(NamedTuple):
    """A sentence for people, in the two languages of the wire."""

    zh: str
    en: str


class Problem(Exception):
    """A refusal. Subclasses set ``status``, ``slug`` and ``title``; the raiser may add a detail.

    ``errors`` maps field names to lists of sentences (422); ``extra`` are further members of the
    problem document; ``headers`` go into the answer.
    """

    status: int = 500
    slug: str = "internal"
    title: Text = Text("系统内部错误", "Internal error")

    def __init__(
        self,
        zh: str = "",
        en: str = "",
        *,
        errors: dict[str, list[Text]] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(en or zh or self.title.en)
        self.detail = Text(zh, en or zh) if zh else None
        self.errors = errors
        self.headers = headers or {}
        self.extra = extra


class Malformed(Problem):
    """The bytes are no JSON, or JSON that is refused: duplicate keys, NUL, too deep, too many digits."""

    status, slug, title = 400, "malformed", Text("请求无法解析", "The request cannot be read")


class NotSignedIn(Problem):
    """No bearer token, or one that is unknown, expired or revoked."""

    status, slug, title = 401, "not-signed-in", Text("请先登录", "Sign in first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers.setdefault("WWW-Authenticate", "Bearer")


class Forbidden(Problem):
    """The caller may see it but not do this, by role or on this row."""

    status, slug, title = 403, "forbidden", Text("无权办理", "You may not do this")


class NotFound(Problem):
    """It is not there, or it is not the caller's to see: the two answers are the same."""

    status, slug, title = 404, "not-found", Text("没有找到", "Not found")


class MethodNotAllowed(Problem):
    """The address does not know this method; ``Allow`` names those it knows."""

    status, slug, title = 405, "method-not-allowed", Text("不支持此操作", "Method not allowed")


class Conflict(Problem):
    """A uniqueness or reference of the database forbids it, or somebody else was faster."""

    status, slug, title = 409, "conflict", Text("与现有记录冲突", "Conflicts with what is recorded")


class IllegalMove(Problem):
    """The state machine has no such step here; ``possible`` names those it has."""

    status, slug, title = 409, "illegal-move", Text("当前状态不能这样办理", "Not possible in this state")


class StillRunning(Problem):
    """The first request with this Idempotency-Key is not finished yet."""

    status, slug, title = 409, "still-running", Text("同一请求正在处理", "The same request is being handled")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class Gone(Problem):
    """It was there and has lapsed."""

    status, slug, title = 410, "gone", Text("已失效", "Gone")


class LengthRequired(Problem):
    """A chunked body: its length must be told beforehand."""

    status, slug, title = 411, "length-required", Text("请求须注明长度", "The request needs a Content-Length")


class StaleVersion(Problem):
    """``If-Match`` names another version than the present one."""

    status, slug, title = 412, "stale-version", Text(
        "内容已被他人更新，请刷新后再办", "Changed since you read it"
    )


class TooLarge(Problem):
    """The body is larger than the address takes."""

    status, slug, title = 413, "too-large", Text("请求内容过大", "The request is too large")


class NotJson(Problem):
    """The body is not ``application/json``."""

    status, slug, title = 415, "unsupported-media-type", Text("请求格式不受支持", "Unsupported media type")


class Invalid(Problem):
    """Shape or sense of the input; ``errors`` names the fields."""

    status, slug, title = 422, "invalid-input", Text("填写有误", "The input is not valid")

    def within(self, name: str) -> "Invalid":
        """The same refusal of fields that stand inside the object ``name``."""
        errors = {f"{name}.{field}": told for field, told in (self.errors or {}).items()}
        return Invalid(errors=errors)


def invalid(field: str, zh: str, en: str) -> Invalid:
    """A 422 that names one field."""
    return Invalid(errors={field: [Text(zh, en)]})


class KeyReused(Problem):
    """The same Idempotency-Key came with another route or body before."""

    status, slug, title = 422, "idempotency-key-reused", Text(
        "同一幂等键用于不同请求", "The Idempotency-Key was used for another request"
    )


class IfMatchRequired(Problem):
    """An edit or a once-only step without ``If-Match``."""

    status, slug, title = 428, "if-match-required", Text("缺少 If-Match 版本号", "If-Match is missing")


class KeyRequired(Problem):
    """A POST without ``Idempotency-Key``."""

    status, slug, title = 428, "idempotency-key-required", Text("缺少幂等键", "Idempotency-Key is missing")


class TooMany(Problem):
    """429; ``seconds`` until another try makes sense."""

    status, slug, title = 429, "too-many-requests", Text("操作过于频繁，请稍后再试", "Too many requests")

    def __init__(self, seconds: int, zh: str = "", en: str = "") -> None:
        super().__init__(zh, en, headers={"Retry-After": str(max(1, seconds))})


class Unavailable(Problem):
    """The database or the disk does not answer; nothing was written."""

    status, slug, title = 503, "unavailable", Text("系统暂时不可用，请稍后再试", "Temporarily unavailable")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


def all_kinds(kind: type[Problem] = Problem) -> list[type[Problem]]:
    """Every declared kind, for the docs and their guard."""
    found = [kind] if kind is not Problem else [Problem]
    for child in kind.__subclasses__():
        found += all_kinds(child)
    return found
