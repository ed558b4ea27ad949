"""The default: one line of JSON per notice in the data folder, numbers masked, for its owner's eyes only."""
import os
import threading
from pathlib import Path

import orjson

from backend.core import clock, secrets
from backend.notifications import rules
from backend.notifications.rules.outcomes import Message, Outcome, refused, sent

FILE, LONGEST = "notices.jsonl", 10 << 20
_turn = threading.Lock()


class Console:
    """A file that nobody but the operator reads, so it never tells that anything arrived."""

    name, tells = "console", False

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def send(self, message: Message) -> Outcome:
        """Append the notice; a disk that does not take it is a refusal, tried again later."""
        to = secrets.mask_phone(message.to) if message.audience == rules.RESIDENT else message.to
        line = orjson.dumps({
            "at": clock.wire(message.at), "id": message.id, "template": message.template,
            "audience": message.audience, "to": to, "text": message.text,
        })
        try:
            with _turn:
                self._append(line + b"\n")
        except OSError:
            return refused("disk")
        return sent()

    def _append(self, line: bytes) -> None:
        if self.path.exists() and self.path.stat().st_size > LONGEST:
            self.path.replace(self.path.with_suffix(".1.jsonl"))
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
