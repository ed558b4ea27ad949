"""Reading what came over the wire: strict JSON, strict queries, headers that make writes safe.

The stock stack answers 500 to a lone surrogate, to 2⁶³, to 5,000 digits and to 100,000 brackets,
ignores unknown query keys and cuts a chunked body without a word; here each is a clear refusal.
"""
import re
from io import BytesIO
from typing import Any

import orjson
from flask import Request
from marshmallow import Schema, ValidationError
from marshmallow import fields as ma
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from backend.core import plainly, secrets, strictjson
from backend.core.messages import translated
from backend.core.problems import (
    IfMatchRequired,
    Invalid,
    KeyRequired,
    LengthRequired,
    Malformed,
    NotJson,
    Text,
    TooLarge,
    invalid,
)

MAX_BODY = 1 << 20
MAX_UPLOAD = 10 << 20
MULTIPART_MARGIN = 16 << 10
MAX_PATH_NUMBER = 2**31 - 1
MOST_VALUES = 50
KEY_LENGTHS = range(8, 129)


_RAW = "daiban.body"


def body(request: Request, *, mends: bool = False) -> Any:
    """The JSON value of the body; None for an empty one. 400, 411, 413, 415."""
    raw = raw_body(request, MAX_BODY)
    if not raw:
        return None
    if request.mimetype not in ("application/json", "application/merge-patch+json"):
        raise NotJson("请求内容须为 JSON", "The body must be application/json")
    return strictjson.parse(raw, mends=mends)


def raw_body(request: Request, limit: int) -> bytes:
    """The body's bytes, whole; 411 where its length is not told, 413 over ``limit``."""
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        raise LengthRequired()
    length = request.content_length or 0
    if length > limit:
        raise TooLarge(f"请求内容不得超过 {limit} 字节", f"The body may have at most {limit} bytes")
    stream, raw = request.environ["wsgi.input"], b""
    while len(raw) < length:
        more = stream.read(length - len(raw))
        if not more:
            raise Malformed("请求内容不完整", "The body ended early")
        raw += more
    request.environ[_RAW] = raw
    return raw


def raw(request: Request, media_type: str) -> bytes:
    """A body that is bytes of this media type; where none need be sent, none needs one. 411, 413, 415."""
    data = raw_body(request, MAX_BODY)
    if (data or request.method == "PATCH") and request.mimetype != media_type:
        raise NotJson(f"请求内容须为 {media_type}", f"The body must be {media_type}")
    return data


def as_sent(request: Request) -> bytes:
    """The bytes of a body that was read, for those who check a signature over them."""
    return bytes(request.environ.get(_RAW, b""))


def upload(request: Request) -> bytes:
    """The one part named ``file`` of a multipart body, held in memory; 400, 411, 413, 415, 422."""
    raw = raw_body(request, MAX_UPLOAD + MULTIPART_MARGIN)
    if request.mimetype != "multipart/form-data":
        raise NotJson("请求内容须为 multipart/form-data", "The body must be multipart/form-data")
    boundary = request.mimetype_params.get("boundary", "")
    if not re.fullmatch(r"[ -~]{1,200}", boundary):
        raise Malformed("缺少分隔符", "The boundary is missing or odd")
    parser = MultiPartParser(stream_factory=lambda *_, **__: BytesIO(), max_form_parts=2)
    try:
        fields, files = parser.parse(BytesIO(raw), boundary.encode(), len(raw))
    except RequestEntityTooLarge as error:
        raise invalid("file", "只接受一个文件", "One part named file, and nothing else.") from error
    except (ValueError, HTTPException) as error:
        raise Malformed("上传内容无法解析", "The parts of the body cannot be read") from error
    parts = files.getlist("file")
    if len(parts) != 1 or len(files) != 1 or fields:
        raise invalid("file", "须有且仅有一个名为 file 的文件", "One part named file, and nothing else.")
    data: bytes = parts[0].stream.getvalue()  # type: ignore[attr-defined]
    if len(data) > MAX_UPLOAD:
        raise TooLarge(f"文件不得超过 {MAX_UPLOAD} 字节", f"A file may have at most {MAX_UPLOAD} bytes")
    return data


def digest(document: Any) -> bytes:
    """A keyed digest of a parsed JSON value; equal values, however written, have equal digests."""
    return secrets.digest(orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def load(schema: Schema, document: Any) -> dict[str, Any]:
    """The document in the schema's shape; Invalid names each field that is not."""
    read = plainly.reader_of(schema)
    if read is not None:
        try:
            return read(document)  # type: ignore[no-any-return]
        except plainly.NotPlain:
            pass
    try:
        return schema.load(document)  # type: ignore[return-value]
    except ValidationError as error:
        raise Invalid(errors=_flat(error.messages)) from error


def query(schema: Schema | None, given: MultiDict[str, str]) -> dict[str, Any]:
    """The query in the schema's shape; unknown keys, and repeated ones that are no lists, are 422."""
    known = schema.fields if schema else {}
    document: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    for name, values in given.lists():
        if name not in known:
            errors[_printable(name)] = [Text("不认识的查询参数", "Unknown query parameter.")]
        elif isinstance(known[name], ma.List):
            document[name] = values
            if len(values) > MOST_VALUES:
                errors[name] = [Text(f"至多给出 {MOST_VALUES} 次", f"May be given {MOST_VALUES} times at most.")]
        elif len(values) > 1:
            errors[name] = [Text("只能给出一次", "May be given once only.")]
        else:
            document[name] = values[0]
        if any(_odd(text) for text in values):
            errors[_printable(name)] = [Text("含有不允许的字符", "Holds characters not allowed.")]
    if errors:
        raise Invalid(errors=errors)
    return load(schema, document) if schema else {}


def _odd(text: str) -> bool:
    return any(char < " " or "\ud800" <= char <= "\udfff" or char == "\ufffd" for char in text)


def _printable(name: str) -> str:
    return name[:64].encode("utf-8", "replace").decode()


def odd_path(path: dict[str, Any]) -> bool:
    """Whether a path argument can name nothing here (control characters, absurd length, huge number)."""
    return any(
        (len(part) > 64 or _odd(part)) if isinstance(part, str) else part > MAX_PATH_NUMBER
        for part in path.values()
    )


def _flat(messages: Any, prefix: str = "") -> dict[str, list[Text]]:
    if not isinstance(messages, dict):
        return {prefix or "_schema": [translated(str(message)) for message in messages]}
    found: dict[str, list[Text]] = {}
    for name, inner in messages.items():
        label = _printable(str(name))
        path = prefix if label == "_schema" else f"{prefix}.{label}" if prefix else label
        found |= _flat(inner, path)
    return found


def idempotency_key(request: Request, *, required: bool) -> str | None:
    """The call's Idempotency-Key; 428 where one is required and missing, 422 where it is odd."""
    key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        if required:
            raise KeyRequired()
        return None
    if len(key) not in KEY_LENGTHS or not all("!" <= char <= "~" for char in key):
        told = Text("须为 8–128 个可见字符", "Must be 8–128 visible characters.")
        raise Invalid(errors={"Idempotency-Key": [told]})
    return key


def if_match(request: Request, *, required: bool) -> int | None:
    """The version named by If-Match; None for ``*`` or none; -1 for one that cannot be ours."""
    header = request.environ.get("HTTP_IF_MATCH")
    if header is None:
        if required:
            raise IfMatchRequired()
        return None
    if header.strip() == "*":
        return None
    version = header.strip().strip('"').partition("-")[0]
    known = header.strip().startswith('"') and version.isdecimal() and len(version) < 10
    return int(version) if known else -1
