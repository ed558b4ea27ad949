"""What a fault may say in the log: where it happened and of what kind, never the values it met.

Texts of exceptions quote what was read (a name that is no number, the row that broke a constraint),
so none is printed, but a database's word on the statement itself: statements hold no values.
"""
import logging
import traceback
from typing import Any

import apsw
import psycopg

from backend.core import db

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
ABOUT_THE_STATEMENT = ("42", "25P02")
CHATTY = ("apscheduler", "peewee", "psycopg", "PIL")

class Formatter(logging.Formatter):
    """Lines whose tracebacks quote no values."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what another formatter made of the traceback before is not taken over."""
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return text

    def formatException(self, ei: Any) -> str:
        """The traceback without texts of exceptions."""
        return traced(ei[1]) if ei[1] is not None else ""


def install(level: str) -> None:
    """Log to stderr from ``level`` on, unless this process logs already; libraries only their warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def told(error: BaseException) -> str:
    """The kind of a fault, and what can be said of it without a value."""
    cause = db.cause_of(error)
    name = type(cause).__name__
    if isinstance(cause, psycopg.Error):
        about = cause.diag.message_primary if (cause.sqlstate or "").startswith(ABOUT_THE_STATEMENT) else None
        named = (cause.sqlstate, cause.diag.table_name, cause.diag.column_name, cause.diag.constraint_name, about)
        return " ".join([name, *(part for part in named if part)])
    return f"{name} {cause}" if isinstance(cause, apsw.Error) else name


def traced(error: BaseException) -> str:
    """A fault and those it came from, each with the lines of the program that led to it."""
    parts: list[str] = []
    seen: set[int] = set()
    next_one: BaseException | None = error
    while next_one is not None and id(next_one) not in seen:
        seen.add(id(next_one))
        parts.append("".join(traceback.format_tb(next_one.__traceback__)) + told(next_one))
        next_one = next_one.__cause__ or (None if next_one.__suppress_context__ else next_one.__context__)
    return "\nwhich came from:\n".join(parts)
