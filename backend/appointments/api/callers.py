"""Who asks without account: the address he counts by."""
from flask import current_app, request

from backend.people.queries import sessions


def source() -> str:
    """The address that the caller counts by."""
    return sessions.source_of(
        request.remote_addr, request.headers.get("X-Forwarded-For", ""),
        current_app.extensions["daiban"].settings.proxies,
    )
