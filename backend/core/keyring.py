"""The key file through a rotation of both keys of personal data: that of the fields and that of the blind index.

Three phases, each a whole new file put in the place of the old one. *announced*: the new keys are in the file, so that
every process can open and find what is under them, and nobody writes with them yet. *switched*: they are written with;
both are looked for. *done*: nothing stands under the old ones any more, only the new index is looked for.
"""
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core import clock, secondplace, secrets


class NoSuchStep(ValueError):
    """What was asked does not fit the rotation as it stands; one line for the operator."""


def begin(path: Path, now: datetime) -> str:
    """Announce new keys; the name of the new field key. NoSuchStep while a rotation is under way or not put away."""
    with _changing(path) as content:
        if "rotation" in content:
            raise NoSuchStep(f"a rotation is {content['rotation']['phase']} already")
        name = _next(content["fields"])
        content["fields"][name] = secrets.fresh_key()
        content["rotation"] = {
            "phase": secrets.ANNOUNCED, "since": clock.to_micros(now), "field": name, "index": secrets.fresh_key(),
        }
    return name


def switch(path: Path, now: datetime) -> None:
    """Write with the new keys from now on; done already is no fault."""
    with _changing(path) as content:
        found = content["rotation"]
        if found["phase"] == secrets.ANNOUNCED:
            content["current"] = found["field"]
            content["index"], found["index"] = found["index"], content["index"]
            found |= {"phase": secrets.SWITCHED, "since": clock.to_micros(now)}


def finish(path: Path, now: datetime) -> None:
    """Say that nothing stands under the old keys any more."""
    with _changing(path) as content:
        if content["rotation"]["phase"] == secrets.SWITCHED:
            content["rotation"] |= {"phase": secrets.DONE, "since": clock.to_micros(now)}


def retire(path: Path) -> list[str]:
    """Take the old keys out of the file for good; the names of those of fields. NoSuchStep before it is done."""
    with _changing(path) as content:
        if content.get("rotation", {}).get("phase") != secrets.DONE:
            raise NoSuchStep("there is no finished rotation whose old keys could go")
        gone = sorted(set(content["fields"]) - {content["current"]})
        content["fields"] = {content["current"]: content["fields"][content["current"]]}
        del content["rotation"]
    return gone


def state(path: Path) -> dict[str, Any] | None:
    """The phase of the rotation and since when; None where there is none. No key is told."""
    found = secrets.content_of(path).get("rotation")
    if found is None:
        return None
    return {"phase": found["phase"], "since": clock.from_micros(found["since"]), "field": found["field"]}


def _next(names: dict[str, str]) -> str:
    numbers = [int(name[1:]) for name in names if name[:1] == "k" and name[1:].isdecimal()]
    return f"k{max(numbers, default=0) + 1}"


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """The file's content, to be changed by one process at a time, and put in its place whole or not at all."""
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        content = secrets.content_of(path)
        yield content
        secrets.Keys(content)
        beside = path.with_name(f"{path.name}.{os.urandom(6).hex()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        secondplace.sync_folder(path.parent)
    finally:
        os.close(lock)
