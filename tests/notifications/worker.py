"""A process that sends notices again and again until it is killed."""
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.core import db, outbound, secrets
from backend.core.actor import system
from backend.notifications import jobs as notices
from backend.notifications.actions import channels
from backend.settings import Settings


def work(url: str, settings: Settings, keys: Path, now: datetime, ready: Any) -> None:
    """Run the job over and over, its clock going on by a second each time."""
    secrets.load(keys)
    db.connect(url)
    channels.use(settings)
    outbound.post.__kwdefaults__["seconds"] = 0.3
    notices.BEGINS_UNTIL, notices.ENDS_UNTIL = 0.5, 1.5
    ready.set()
    while True:
        notices.send(actor=system("send-notices"), now=now)
        now += timedelta(seconds=1)
