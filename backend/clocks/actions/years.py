"""Loading the State Council's notices: by an admin, from a file, and the official years at start."""
from datetime import date, datetime
from pathlib import Path
from typing import Any

from backend.clocks import queries
from backend.clocks.models import CalendarDay, CalendarYear
from backend.clocks.rules import notices
from backend.clocks.rules.notices import Notice
from backend.core import ledger, sql, strictjson, wire
from backend.core.actor import Actor
from backend.core.problems import TooLarge
from backend.core.transaction import transaction

SHIPPED = Path(__file__).parent.parent / "years"

_BUMP = "UPDATE calendar_stamp SET version = version + 1 WHERE id = 1"
_CLEAR = "DELETE FROM calendar_day WHERE day_on BETWEEN ? AND ?"


def import_year(document: Any, *, dry_run: bool = False, actor: Actor, now: datetime) -> dict[str, Any]:
    """Load a year's notice from a holiday-cn document; ``{"year", "dry_run", "difference", …}``.

    A year already loaded is replaced. ``dry_run`` shows the difference and writes nothing, not even
    the call's key. Invalid names the field and the date that cannot be.
    """
    given = notices.notice_of(document)
    if dry_run:
        return _told(given, queries.difference_of(given), dry_run=True)
    return load(given, actor=actor, now=now)


def import_calendar_file(path: Path | str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Load a year's notice from a holiday-cn file; OSError, Malformed, TooLarge or Invalid."""
    raw = Path(path).read_bytes()
    if len(raw) > wire.MAX_BODY:
        raise TooLarge(f"文件不得超过 {wire.MAX_BODY} 字节", f"The file may have at most {wire.MAX_BODY} bytes")
    return import_year(strictjson.parse(raw.removeprefix(b"\xef\xbb\xbf")), actor=actor, now=now)


@transaction
def load_official_years(*, actor: Actor, now: datetime) -> list[int]:
    """Load the shipped years that are missing; which ones they were."""
    loaded = queries.loaded_years()
    missing = [path for path in sorted(SHIPPED.glob("*.json")) if int(path.stem) not in loaded]
    for path in missing:
        load(notices.notice_of(strictjson.parse(path.read_bytes())), actor=actor, now=now)
    return [int(path.stem) for path in missing]


@transaction
def load(given: Notice, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Store a notice and lay its days out anew; what changed.

    The stamp's row is taken first, so that notices of neighbouring years are laid out one by one.
    """
    sql.run(_BUMP)
    difference = queries.difference_of(given)
    _store(given, now)
    _lay_out(given.year)
    ledger.record(
        "calendar.import", "calendar_year", str(given.year), fields=("days", "papers"),
        detail={"papers": given.papers, "difference": difference},
    )
    return _told(given, difference, dry_run=False)


def _told(given: Notice, difference: list[dict[str, str | None]], *, dry_run: bool) -> dict[str, Any]:
    return {
        "year": given.year, "papers": list(given.papers), "days": notices.document_days(given),
        "dry_run": dry_run, "difference": difference,
    }


def _store(given: Notice, now: datetime) -> None:
    values = {"papers": list(given.papers), "days": notices.document_days(given), "imported_at": now}
    stored = queries.year(given.year)
    if stored is None:
        sql.insert(CalendarYear, year=given.year, **values, version=1)
    else:
        sql.amend(CalendarYear, given.year, stored["version"], **values)


def _lay_out(year: int) -> None:
    from_on, to_on = notices.first_day(year), date(year, 12, 31)
    laid = dict(notices.laid_out(queries.neighbouring(year), from_on, to_on))
    sql.run(_CLEAR, (from_on.isoformat(), to_on.isoformat()))
    sql.insert_many(
        CalendarDay,
        [
            {"day_on": day, "kind": one.kind, "name": one.name, "provisional": one.provisional}
            for day, one in laid.items()
        ],
    )
