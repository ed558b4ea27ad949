"""A phone that sends a file in parts as tus 1.0 says, and forgets where it stood as often as it likes."""
import base64
import hashlib
import uuid
from typing import Any

CHUNK = 256 << 10
MEDIA = "application/offset+octet-stream"


def metadata(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


class Uploading:
    """One file of one caller (see tests.cast), under an id of the phone's own."""

    def __init__(self, caller: Any, data: bytes, upload_id: str | None = None) -> None:
        self.caller, self.data, self.id = caller, data, upload_id or str(uuid.uuid4())
        self.path = f"/files/uploads/{self.id}"

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Tus-Resumable": "1.0.0"} | more.pop("headers", {})
        return self.caller._send(method, path, headers=headers, **more)

    def begin(self, **headers: str) -> Any:
        told = {"Upload-Length": str(len(self.data)), "Upload-Metadata": metadata(id=self.id, filename="王.jpg")}
        return self.ask("POST", "/files", headers=told | headers)

    def head(self) -> Any:
        return self.ask("HEAD", self.path)

    def part(self, offset: int, data: bytes, **headers: str) -> Any:
        told = {"Upload-Offset": str(offset), "Content-Type": MEDIA}
        return self.ask("PATCH", self.path, data=data, headers=told | headers)

    def delete(self) -> Any:
        return self.ask("DELETE", self.path)

    def state(self) -> Any:
        return self.caller.get(self.path).json

    def rest(self, chunk: int = CHUNK) -> Any:
        """Send all that is not there yet; the last answer."""
        answer = self.head()
        while answer.status_code < 300 and (offset := int(answer.headers["Upload-Offset"])) < len(self.data):
            piece = self.data[offset : offset + chunk]
            answer = self.part(offset, piece, **{"Upload-Checksum": checksum(piece)})
        return answer

    def whole(self, chunk: int = CHUNK) -> Any:
        """Begin and send everything; the last answer."""
        answer = self.begin()
        return self.rest(chunk) if answer.status_code == 201 else answer
