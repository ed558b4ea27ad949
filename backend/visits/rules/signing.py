"""The end of a visit on paper: who signed, who was there, identity shown, no cash (rules 6). Pure."""
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from backend.core.problems import invalid

SIGNATURE, PHOTO = "signature", "photo"
METHODS = (SIGNATURE, PHOTO)
CHASED_AFTER = timedelta(days=1)


def check(given: Mapping[str, Any], *, very_old: bool) -> None:
    """Invalid unless staff showed who they are and took no cash, and with the very old were two or had a witness."""
    if not given["id_shown"]:
        raise invalid("id_shown", "上门须出示工作证", "Staff show who they are.")
    if not given["no_cash"]:
        raise invalid("no_cash", "上门不得收取现金", "No cash is taken on a visit.")
    if very_old and not given.get("companion_id") and not given.get("witness"):
        raise invalid("witness", "高龄老人须两名工作人员上门，或一名工作人员加一名见证人",
                      "With the very old two of the staff are there, or one and a witness.")


def chased_at(ended_at: datetime) -> datetime:
    """When somebody rings because the sign-off of a visit is still missing."""
    return ended_at + CHASED_AFTER
