"""Making a database ready to serve: schema, keys, official calendar, sample district."""
from backend import sample, schema
from backend.core import clock, db, secrets, sql
from backend.settings import Settings


def run(settings: Settings, password: str) -> tuple[bool, bool]:
    """Bring the database up to date; whether the sample was loaded now, and whether it is there."""
    connect(settings)
    with schema.alone():
        schema.upgrade()
        now = clock.SystemClock().now()
        sample.load_calendar(now)
        fresh = settings.sample != "none" and sample.is_empty() and sample.load(settings.sample, password, now)
    has_samples = bool(sql.value("SELECT count(*) FROM account WHERE sample"))
    db.disconnect()
    return fresh, has_samples


def connect(settings: Settings) -> None:
    """Keys and database of these settings, for commands outside the server."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    secrets.make_key_file(settings.key_file)
    secrets.load(settings.key_file)
    db.connect(settings.database_url)
