"""Photos go up after the words (tus 1.0): in pieces, each with its checksum, from where the last attempt ended."""
import base64
import hashlib
from typing import TYPE_CHECKING, Any

from tests.phone.line import Answer

if TYPE_CHECKING:
    from tests.phone.phone import Phone

CHUNK = 256 * 1024
VERSION = {"Tus-Resumable": "1.0.0"}
KEPT, REFUSED, WAITING = "kept", "refused", "waiting"
NOT_A_PHOTO = (413, 415, 422)
"""Its bytes are not what is kept here; trying again would change nothing."""
CHECKSUM_MISMATCH = 460
TRIES = 5
"""So often the server may ask for a piece again before the photo waits for another day."""


def send(phone: "Phone") -> None:
    """Send what waits, one after the other; NoSignal anywhere leaves the rest for the next time."""
    for photo in phone.store.photos():
        place = photo["place"] or _begun(phone, photo)
        if place:
            phone.store.photo_is(photo["id"], state=_sent(phone, place, photo["content"]))


def _begun(phone: "Phone", photo: Any) -> str | None:
    """Begin the upload under the photo's own id: asked twice, it is still one. None where it is not begun now."""
    name = base64.b64encode(photo["id"].encode()).decode()
    answer = phone.send("POST", "/files", b"", VERSION | {
        "Upload-Length": str(len(photo["content"])), "Upload-Metadata": f"id {name}",
        "Content-Type": "application/offset+octet-stream",
    })
    phone.step("upload answered")
    if answer.status != 201:
        phone.store.photo_is(photo["id"], state=REFUSED if answer.status in NOT_A_PHOTO else WAITING)
        return None
    place = answer.headers["location"].partition("/api/v1")[2]
    phone.store.photo_is(photo["id"], place=place)
    return place


def _sent(phone: "Phone", place: str, content: bytes) -> str:
    """Send what the server does not have yet; what became of the photo."""
    answer, again = phone.send("HEAD", place, None, VERSION), 0
    while answer.status in (200, 204) and again < TRIES:
        offset = int(answer.headers["upload-offset"])
        if offset == len(content):
            return KEPT
        answer = _piece(phone, place, offset, content[offset:offset + CHUNK])
        phone.step("piece answered")
        if answer.status in (409, CHECKSUM_MISMATCH):
            answer, again = phone.send("HEAD", place, None, VERSION), again + 1
    if answer.status in (404, 410):
        phone.store.photo_is(place.rpartition("/")[2], place="")
    return REFUSED if answer.status in NOT_A_PHOTO else WAITING


def _piece(phone: "Phone", place: str, offset: int, piece: bytes) -> Answer:
    digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return phone.send("PATCH", place, piece, VERSION | {
        "Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}",
        "Content-Type": "application/offset+octet-stream",
    })
