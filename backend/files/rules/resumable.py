"""Uploads in parts by tus 1.0 (core, creation, creation-with-upload, checksum, expiration, termination). Pure.

What the headers of that protocol may say, and which states an upload has; the protocol's own statuses are kept.
"""
import base64
import binascii
import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from backend.core.problems import Gone, Problem, Text, TooLarge, invalid
from backend.files.rules import UnsafeFile, UnsupportedFile
from backend.files.rules.announced import IDENTIFIER

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "expiration", "termination")
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
MEDIA = "application/offset+octet-stream"
MOST_BYTES = 10 << 20
MOST_CHUNK = 1 << 20
MOST_PARTS = 4096
LONGEST_METADATA = 4096
LIFETIME = timedelta(days=7)
"""Without a further part."""
KEPT_DAYS = 180
"""How long it is known what became of an upload: as long as an outbox can be old."""

ARRIVING, KEPT, REFUSED, EXPIRED = "arriving", "kept", "refused", "expired"
STATES = (ARRIVING, KEPT, REFUSED, EXPIRED)
REFUSALS: dict[str, type[Problem]] = {kind.slug: kind for kind in (UnsupportedFile, UnsafeFile)}

SETTING = "upload-quota"
USUAL = {"bytes": 200 << 20, "files": 200}
"""What an account's unfinished uploads may come to."""


class UnknownProtocol(Problem):
    """``Tus-Resumable`` is missing or names another version than 1.0.0."""

    status, slug, title = 412, "tus-version", Text("不支持此上传协议版本", "Not a version of tus that is spoken here")

    def __init__(self) -> None:
        super().__init__(headers={"Tus-Version": VERSION})


class BadUploadHeader(Problem):
    """A header of the upload is missing or says nothing that can be understood; ``header`` names it."""

    status, slug, title = 400, "bad-upload-header", Text("上传请求头有误", "A header of the upload is wrong")

    def __init__(self, header: str, zh: str, en: str) -> None:
        super().__init__(f"{header}：{zh}", f"{header}: {en}", header=header)


class WrongOffset(Problem):
    """``Upload-Offset`` is not where the upload stands; ``offset`` is, and so is the header of the answer."""

    status, slug, title = 409, "wrong-offset", Text("续传位置不符", "The upload does not stand there")

    def __init__(self, offset: int) -> None:
        super().__init__(headers={"Upload-Offset": str(offset)}, offset=offset)


class WrongChecksum(Problem):
    """The part does not have the checksum that it was sent with; nothing of it is kept."""

    status, slug, title = 460, "checksum-mismatch", Text("分片校验不符，请重传", "The part arrived changed")


class AnotherLength(Problem):
    """An upload of this id has begun with another length; delete it first."""

    status, slug, title = 409, "another-length", Text(
        "同一编号的上传长度不同", "The upload was begun with another length"
    )


class UploadKept(Problem):
    """The upload has become a file, which stays."""

    status, slug, title = 409, "upload-kept", Text("文件已入库，不能撤销", "The upload has become a file")


class QuotaSpent(Problem):
    """The account's unfinished uploads come to what it may have; finish or delete one first."""

    status, slug, title = 409, "upload-quota", Text(
        "未完成的上传过多，请先传完或删除", "Too much is unfinished; finish or delete an upload first"
    )


def check_version(told: str | None) -> None:
    """UnknownProtocol unless the client speaks tus 1.0.0."""
    if told != VERSION:
        raise UnknownProtocol()


def length_of(told: str | None) -> int:
    """``Upload-Length``: 1 to 10 MiB; BadUploadHeader, TooLarge."""
    length = _whole("Upload-Length", told)
    if length == 0:
        raise BadUploadHeader("Upload-Length", "文件不能为空", "An empty file is none.")
    if length > MOST_BYTES:
        raise TooLarge(f"文件不得超过 {MOST_BYTES} 字节", f"A file may have at most {MOST_BYTES} bytes")
    return length


def offset_of(told: str | None) -> int:
    """``Upload-Offset``; BadUploadHeader."""
    return _whole("Upload-Offset", told)


def _whole(header: str, told: str | None) -> int:
    if told is None or not re.fullmatch(r"[0-9]{1,40}", told):
        raise BadUploadHeader(header, "须为非负整数", "Must be a whole number.")
    return int(told)


def identifier_of(metadata: str | None) -> str | None:
    """The ``id`` in ``Upload-Metadata``, None where it has none; other keys, a file name too, are not looked at."""
    if not metadata:
        return None
    if len(metadata) > LONGEST_METADATA:
        raise _odd_metadata()
    pairs: dict[str, str] = {}
    for pair in metadata.split(","):
        key, _, value = pair.strip(" ").partition(" ")
        if not re.fullmatch(r"[!-~]+", key) or key in pairs:
            raise _odd_metadata()
        pairs[key] = value
    return _identifier(pairs["id"]) if "id" in pairs else None


def _identifier(value: str) -> str:
    try:
        found = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _odd_metadata() from error
    if not re.fullmatch(IDENTIFIER, found):
        raise BadUploadHeader("Upload-Metadata", "id 须为 UUID", "The id must be a UUID.")
    return found


def metadata_of(identifier: str) -> str:
    """What is kept of ``Upload-Metadata``, as a HEAD tells it: the id, and no file name."""
    return f"id {base64.b64encode(identifier.encode()).decode()}"


def _odd_metadata() -> BadUploadHeader:
    return BadUploadHeader("Upload-Metadata", "须为“键 base64”以逗号相隔", "Must be pairs of key and base64.")


def check_sum(told: str | None, data: bytes) -> None:
    """BadUploadHeader for an ``Upload-Checksum`` not understood, WrongChecksum where the part has another one."""
    if told is None:
        return
    name, _, value = told.partition(" ")
    if name not in ALGORITHMS or not value:
        raise BadUploadHeader("Upload-Checksum", "须为 sha1 或 sha256 及其值", "Must be sha1 or sha256 and the value.")
    try:
        wanted = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadUploadHeader("Upload-Checksum", "须为 base64", "Must be base64.") from error
    if ALGORITHMS[name](data).digest() != wanted:
        raise WrongChecksum()


def state_of(state: str, expires_at: datetime, now: datetime) -> str:
    """The state as it is by now: one that nobody goes on with has expired, whether or not the job has seen it."""
    return EXPIRED if state == ARRIVING and expires_at <= now else state


def check_going_on(found: dict[str, Any]) -> None:
    """Gone for an upload that expired; the same refusal as before for one whose content was refused."""
    if found["state"] == EXPIRED:
        raise Gone("上传已过期，请重新上传", "The upload has expired; begin it again")
    if found["state"] == REFUSED:
        raise REFUSALS[found["refusal"]]()


def check_part(found: dict[str, Any], offset: int, size: int) -> None:
    """WrongOffset, TooLarge for a part beyond the length; Invalid for one of too many small parts."""
    if offset != found["received"]:
        raise WrongOffset(found["received"])
    if offset + size > found["length"]:
        raise TooLarge("分片超出声明的长度", "The part goes beyond the length of the upload")
    if found["parts"] >= MOST_PARTS:
        raise invalid("Content-Length", "分片过小过多", "Too many small parts; delete the upload and send larger ones.")


def check_first(length: int, size: int) -> None:
    """TooLarge where the part that comes with the creation is more than the whole."""
    if size > length:
        raise TooLarge("分片超出声明的长度", "The part goes beyond the length of the upload")


def check_quota(open_bytes: int, open_files: int, length: int, quota: dict[str, int]) -> None:
    """QuotaSpent where one more upload of this length is too much."""
    if open_bytes + length > quota["bytes"] or open_files >= quota["files"]:
        raise QuotaSpent(open_bytes=open_bytes, open_files=open_files, quota=quota)


def check_setting(value: Any) -> None:
    """Invalid unless it is ``{"bytes", "files"}``: one whole file at least, 10 GiB and 10,000 files at most."""
    least, most = {"bytes": MOST_BYTES, "files": 1}, {"bytes": 10 << 30, "files": 10_000}
    fits = isinstance(value, dict) and value.keys() == least.keys() and all(
        type(value[name]) is int and least[name] <= value[name] <= most[name] for name in least
    )
    if not fits:
        raise invalid("value", "须为 {\"bytes\": 整数, \"files\": 整数}", "Give bytes and files as whole numbers.")
