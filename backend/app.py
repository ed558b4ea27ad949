"""create_app(settings, clock): registers everything, decides nothing."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask.sessions import NullSession, SessionInterface

from backend.appointments.api import bookings, offers, progress, waiting
from backend.assessment import api as assessment
from backend.catalogue import api as catalogue
from backend.clocks.api import calendar, cards
from backend.clocks.api import settings as decided
from backend.core import db, faults, logs, secrets
from backend.core.actor import Actor
from backend.core.clock import Clock, SystemClock
from backend.core.http import Api
from backend.disclosure.api import open as disclosures
from backend.disclosure.api import personal
from backend.errands import api as errands
from backend.feeds import api as feeds
from backend.files import api as files
from backend.inspections import api as inspections
from backend.notifications import api as notifications
from backend.notifications.actions import channels
from backend.org import api as org
from backend.people import api as people
from backend.people import queries as accounts
from backend.projects.api import board, consents, meetings, projects, templates
from backend.projects.api import papers as project_papers
from backend.projects.api import reviews as joint
from backend.reports import api as reports
from backend.reports.api import bulletins
from backend.settings import Settings, from_environment
from backend.supervision.api import cases, cycles, promises
from backend.supervision.api import notices as issued
from backend.supervision.api import orders as supervision
from backend.surveys import api as surveys
from backend.sync import api as sync
from backend.visits import api as visits
from backend.voice.api import complaints, ratings
from backend.web import api as web
from backend.web import bulletins as notices
from backend.web import notices as supervised
from backend.web import papers

CAPABILITIES = (
    org, people, files, catalogue, notifications, calendar, cards, decided, errands, offers, bookings, progress,
    waiting, visits, feeds, reports, bulletins, templates, projects, consents, project_papers, joint, board,
    meetings, ratings, complaints, supervision, cycles, issued, cases, promises, supervised, surveys, inspections,
    assessment, disclosures, personal, sync, web, papers, notices,
)


@dataclass(frozen=True)
class Installation:
    """What the edge needs of this installation."""

    settings: Settings
    clock: Clock

    def authenticate(self, token: str, now: datetime) -> Actor | None:
        """The account that a bearer token belongs to."""
        return accounts.authenticate(token, now)


class _NoSession(SessionInterface):
    """Nobody is known by a cookie here."""

    held = NullSession()

    def open_session(self, *_: object) -> NullSession:
        return self.held


class _Application(Flask):
    """Flask, without being asked at each step whether a function is a coroutine: none is."""

    session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        """Serve a request, by the method that tus asks for where a network lets no other than POST through."""
        told = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE")
        if told in ("PATCH", "DELETE") and environ["REQUEST_METHOD"] == "POST" and "HTTP_TUS_RESUMABLE" in environ:
            environ["REQUEST_METHOD"] = told
        return super().wsgi_app(environ, start_response)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """The WSGI application on the database and keys of its settings."""
    settings = settings or from_environment()
    logs.install(settings.log_level)
    secrets.make_key_file(settings.key_file)
    secrets.load(settings.key_file)
    db.connect(settings.database_url)
    channels.use(settings)
    app = _Application("backend", static_folder=None)
    app.extensions["daiban"] = Installation(settings, clock or SystemClock())
    app.config["DAIBAN_JOBS"] = False
    faults.register(app)
    api = Api(app)
    for capability in CAPABILITIES:
        api.register(capability.blp)
    app.extensions["daiban.api"] = api
    web.install(app)
    return app
