"""create_app(settings, clock): registers everything, decides nothing."""
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from backend.core import db, faults, secrets
from backend.core.actor import Actor
from backend.core.clock import Clock, SystemClock
from backend.core.http import Api
from backend.settings import Settings, from_environment


@dataclass(frozen=True)
class Installation:
    """What the edge needs of this installation."""

    settings: Settings
    clock: Clock

    def authenticate(self, token: str, now: datetime) -> Actor | None:
        """The account that a bearer token belongs to."""
        return None


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """The WSGI application on the database and keys of its settings."""
    settings = settings or from_environment()
    secrets.make_key_file(settings.key_file)
    secrets.load(settings.key_file)
    db.connect(settings.database_url)
    app = Flask("backend", static_folder=None)
    app.extensions["daiban"] = Installation(settings, clock or SystemClock())
    faults.register(app)
    api = Api(app)
    app.extensions["daiban.api"] = api
    return app
