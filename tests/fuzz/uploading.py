"""Uploads in parts and announced files to be met by the fuzzer."""
import io
import random
import uuid
from typing import Any

import schemathesis

from backend.core import sql
from tests.files.phones import MEDIA, Uploading, metadata
from tests.files.samples import photo

LENGTH = 4 << 20
TUS = {"Tus-Resumable": "1.0.0"}
_WHERE = "SELECT received FROM upload WHERE id = ?"

schemathesis.serializer.alias(MEDIA, "application/octet-stream")


class Long:
    """Content of which only the length is known."""

    def __len__(self) -> int:
        return LENGTH


def renew(known: Any, path: str) -> None:
    """Add an upload that has begun for each role, and a file that the agent has announced."""
    if "/files/" not in path:
        return
    for role in known.callers:
        phone = Uploading(known.caller(role), Long())  # type: ignore[arg-type]
        assert phone.begin().status_code == 201
        known.values[f"upload_id {role}"] = [phone.id]
    told = known.caller("agent").post("/files/announcements", announcement())
    known.values["announced_id"] = [told.json["items"][0]["id"]]


def hand_in(known: Any, serial: int) -> None:
    """Add a photo that the agent has handed in whole."""
    picture, agent, found = photo("PNG", (8 + serial, 8)), known.caller("agent"), known.values
    key = {"Idempotency-Key": f"file-{serial:06d}-{agent.token}"[:100]}
    made = agent._send("POST", "/files", data={"file": (io.BytesIO(picture), "a.png")}, headers=key)
    assert made.status_code == 201, made.get_data(as_text=True)
    found["file_id"].append(made.json["id"])
    found["undertaking_file"].append(made.json["id"])
    found["sha256"].append(made.json["sha256"])
    found["picture"] = [picture]


def announcement() -> dict[str, Any]:
    return {"files": [{"id": str(uuid.uuid4()), "media_type": "image/jpeg"}]}


def announce(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return announcement()


BODIES = {"files_announce": announce}


def fill_headers(case: Any, chance: random.Random) -> None:
    """Have the call say what the protocol asks for, so that it reaches what is behind."""
    path, method = case.operation.path, case.operation.method
    if "/files/uploads/" in path and method != "get" and chance.random() < 0.8:
        case.headers.update(TUS)
        case.headers.pop("Upload-Checksum", None)
        if method == "patch":
            case.headers["Upload-Offset"] = str(sql.value(_WHERE, (case.path_parameters["upload_id"],)) or 0)
    elif path.endswith("/files") and method == "post":
        if case.media_type == "multipart/form-data":
            for name in ("Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Checksum"):
                case.headers.pop(name, None)
        elif chance.random() < 0.8:
            case.headers.pop("Upload-Checksum", None)
            case.headers.update(TUS | {"Upload-Length": "5000", "Upload-Metadata": metadata(id=str(uuid.uuid4()))})
