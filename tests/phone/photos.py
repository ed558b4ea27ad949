"""Photos go up after the words (tus 1.0): in pieces, each with its checksum, from where the last attempt ended."""
import base64
import hashlib
from typing import TYPE_CHECKING, Any

from tests.phone.line import Answer

if TYPE_CHECKING:
    from tests.phone.phone import Phone

CHUNK = 256 * 1024
VERSION = {"Tus-Resumable": "1.0.0"}
CHECKSUM_MISMATCH = 460


def send(phone: "Phone") -> None:
    """Send what waits, one after the other; NoSignal anywhere leaves the rest for the next time."""
    for photo in phone.store.photos():
        _send(phone, photo)


def _send(phone: "Phone", photo: Any) -> None:
    place = photo["place"] or _created(phone, photo)
    offset = _offset(phone, place) if place else None
    if place and offset is None:
        place = _created(phone, photo)
        offset = 0 if place else None
    while place and offset is not None and offset < len(photo["content"]):
        answer = _piece(phone, place, offset, photo["content"][offset:offset + CHUNK])
        phone.step("piece answered")
        if answer.status == 204:
            offset = int(answer.headers["upload-offset"])
        elif answer.status in (409, CHECKSUM_MISMATCH):
            offset = _offset(phone, place)
        elif answer.status in (404, 410):
            phone.store.photo_is(photo["id"], place="")
            return
        else:
            break
    if place and offset is not None:
        phone.store.photo_is(photo["id"], state="kept" if offset == len(photo["content"]) else "refused")


def _created(phone: "Phone", photo: Any) -> str | None:
    """Announce the upload under the photo's own id: asked twice, it is still one upload. None where it is refused."""
    name = base64.b64encode(photo["id"].encode()).decode()
    answer = phone.send("POST", "/files", None, VERSION | {
        "Upload-Length": str(len(photo["content"])), "Upload-Metadata": f"id {name}", "Content-Length": "0",
    })
    phone.step("upload answered")
    if answer.status != 201:
        phone.store.photo_is(photo["id"], state="refused")
        return None
    place = answer.headers["location"].partition("/api/v1")[2]
    phone.store.photo_is(photo["id"], place=place)
    return place


def _offset(phone: "Phone", place: str) -> int | None:
    """How much of it the server has; None where it does not know the upload (any more)."""
    answer = phone.send("HEAD", place, None, VERSION)
    return int(answer.headers["upload-offset"]) if answer.status == 200 else None


def _piece(phone: "Phone", place: str, offset: int, piece: bytes) -> Answer:
    digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return phone.send("PATCH", place, piece, VERSION | {
        "Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}",
        "Content-Type": "application/offset+octet-stream",
    })
