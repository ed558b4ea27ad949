"""Routes of calendar feeds: subscriptions of one's own, and the calendars themselves."""
import hashlib
from datetime import datetime
from typing import Any

from flask import Response, current_app

from backend.core import http
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.feeds import actions, queries, schemas
from backend.feeds.queries import events
from backend.feeds.rules import ical
from backend.org.rules.scope import READERS

blp = http.Blueprint("feeds", description="日历订阅 · calendar feeds")

SUBSCRIBERS = READERS - {HANDLER}
MEDIA = "text/calendar"


def _with_url(found: dict[str, Any]) -> dict[str, Any]:
    base = current_app.extensions["daiban"].settings.public_url
    return found | {"url": f"{base}/api/v1/calendars/{found.pop('secret')}.ics"}


def _shown(feed_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _with_url(queries.own(feed_id, actor=actor))


@blp.creates("/me/calendar", roles=SUBSCRIBERS, body=schemas.FeedBody(), answers=schemas.FeedShape(), shows=_shown,
             refuses=(NotFound, Conflict))
def subscribe(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Subscribe to one's own days or a unit's; again for the same ends the address given before."""
    return actions.subscribe(body["kind"], body.get("unit_code"), actor=actor, now=now)


@blp.lists("/me/calendar", roles=SUBSCRIBERS, item=schemas.FeedShape())
def feeds(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """One's own subscriptions."""
    found = queries.listed(query, actor=actor)
    return Page([_with_url(item) for item in found.items], found.next_cursor)


@blp.reads("/me/calendar/<string:feed_id>", roles=SUBSCRIBERS, answers=schemas.FeedShape(), refuses=(NotFound,))
def feed(feed_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One subscription of one's own."""
    return _shown(feed_id, actor=actor, now=now)


@blp.deletes("/me/calendar/<string:feed_id>", roles=SUBSCRIBERS, refuses=(NotFound, StaleVersion))
def end(feed_id: str, *, actor: Actor, now: datetime) -> str:
    """End a subscription of one's own."""
    return actions.end(feed_id, actor=actor, now=now)


@blp.reads("/calendars/<string:secret>.ics", roles=http.PUBLIC, media=MEDIA, cacheable=True, refuses=(NotFound,))
def calendar(secret: str, *, actor: Actor, now: datetime) -> Response:
    """The calendar behind a secret address, as its account may see it now; for calendar programs."""
    found, reader = queries.reader(secret)
    written = ical.written(f"feed-{found['id']}@daiban", events.named(found), events.of(found, reader, now))
    response = Response(written, content_type=f"{MEDIA}; charset=utf-8")
    response.set_etag(hashlib.sha256(written).hexdigest())
    response.headers |= {
        "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="daiban.ics"',
    }
    http.unless_known(response)
    return response
