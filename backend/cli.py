"""``python -m backend.cli COMMAND``: what an operator does beside the server."""
import argparse
import getpass
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import PeeweeException

from backend import backup, doctor, prepare, scheduler, schema
from backend import settings as environment
from backend.catalogue.actions import importing as catalogue_import
from backend.clocks.actions import years
from backend.core import clock, erasure, keyring, rekeying, verification
from backend.core.actor import ROLES, system
from backend.core.problems import Problem
from backend.core.secrets import KeyFileError
from backend.errands.actions import erasing
from backend.org.actions import importing as unit_import
from backend.people.actions import accounts
from backend.projects.actions import templates
from backend.settings import BadSetting, Settings

ACTOR = system("cli")
REFUSED, NOT_VERIFIED = 2, 5
VERIFIES = "the ledger: 0 whole, 1 changed, 2 gap, 3 behind, 4 signature, 5 could not be looked at"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code. Refusals are one clear line on stderr."""
    asked = _parser().parse_args(arguments)
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING)
    try:
        settings = environment.from_environment()
        if asked.needs_database:
            prepare.connect(settings)
            _check_schema(asked.run)
        return int(asked.run(settings, asked) or 0)
    except Problem as refusal:
        _complain(_told(refusal))
    except (BadSetting, KeyFileError, OSError, ValueError, backup.BackupError) as refusal:
        _complain(str(refusal))
    except PeeweeException as fault:
        _complain(f"the database does not answer: {str(fault).splitlines()[0]}")
    return NOT_VERIFIED if asked.run is verify else REFUSED


def _check_schema(run: Callable[..., Any]) -> None:
    if run is not upgrade and schema.pending():
        raise BadSetting("the database is not at the present schema: run upgrade first")


def _told(refusal: Problem) -> str:
    lines = [refusal.detail.en if refusal.detail else refusal.title.en]
    for field, messages in (refusal.errors or {}).items():
        lines += [f"  {field}: {message.en} {message.zh}" for message in messages]
    return "\n".join(lines)


def _say(text: Any) -> None:
    sys.stdout.write(f"{text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)}\n")


def _complain(text: str) -> None:
    sys.stderr.write(f"daiban: {text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend.cli", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "upgrade", upgrade, "bring the database to the present schema")
    for name, run, what in (
        ("import-divisions", import_divisions, "units from a CSV of the national form"),
        ("import-catalogue", import_catalogue, "service items from JSON"),
        ("import-calendar", import_calendar, "a year's State Council notice, holiday-cn JSON"),
        ("import-template", import_template, "a project template from JSON, published at once"),
    ):
        _command(commands, name, run, what).add_argument("file", type=Path)
    made = _command(commands, "create-account", create_account, "an account; asks for its password")
    made.add_argument("username")
    made.add_argument("--name", required=True)
    made.add_argument("--role", required=True, choices=ROLES)
    made.add_argument("--unit", dest="unit_code")
    made.add_argument("--department", dest="department_code")
    job = _command(commands, "run-job", run_job, "one job of the timetable, now")
    job.add_argument("name")
    gone = _command(commands, "erase-resident", erase_resident, "what is personal of a resident and her errands")
    gone.add_argument("id")
    gone.add_argument("--reason", required=True)
    turned = _command(commands, "rotate-keys", rotate_keys, "begin new keys of personal data, or tell how far it is")
    turned.add_argument("--retire", action="store_true", help="take the old keys out of the key file")
    checked = _command(commands, "verify", verify, VERIFIES)
    checked.add_argument("--receipt", metavar="SEQ.HASH")
    checked.add_argument("--anchor", type=Path, metavar="FILE")
    _command(commands, "doctor", examine, "what is wrong with this installation", database=False)
    saved = _command(commands, "backup", back_up, "into a new encrypted file in FOLDER, while serving")
    saved.add_argument("folder", type=Path)
    what = "from FOLDER (its newest) or a file, into an empty database"
    _command(commands, "restore", restore, what, database=False).add_argument("folder", type=Path)
    return parser


def _command(
    commands: Any, name: str, run: Callable[..., Any], what: str, *, database: bool = True
) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    found.set_defaults(run=run, needs_database=database)
    return found


def _now() -> Any:
    return clock.SystemClock().now()


def upgrade(settings: Settings, asked: Any) -> None:
    """Apply pending migrations and name them."""
    _say("\n".join(schema.upgrade()) or "nothing to do")


def import_divisions(settings: Settings, asked: Any) -> None:
    """Import units; the counts."""
    _say(unit_import.import_divisions(asked.file, actor=ACTOR, now=_now()))


def import_catalogue(settings: Settings, asked: Any) -> None:
    """Import service items; the counts."""
    _say(catalogue_import.import_catalogue(asked.file, actor=ACTOR, now=_now()))


def import_calendar(settings: Settings, asked: Any) -> None:
    """Import a calendar year; the difference."""
    told = years.import_calendar_file(asked.file, actor=ACTOR, now=_now())
    _say({"year": told["year"], "difference": told["difference"]})


def import_template(settings: Settings, asked: Any) -> None:
    """Import and publish a project template; its edition, critical path, whether anything changed."""
    _say(templates.import_template(asked.file, actor=ACTOR, now=_now()))


def create_account(settings: Settings, asked: Any) -> None:
    """Create an account with a password read from the terminal or standard input."""
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    _say(accounts.create(
        username=asked.username, name=asked.name, role=asked.role, unit_code=asked.unit_code,
        department_code=asked.department_code, password=password, actor=ACTOR, now=_now(),
    ))


def run_job(settings: Settings, asked: Any) -> int:
    """Run a job once, whatever the timetable says; what is due is computed from the tables."""
    for job in scheduler.timetable(settings):
        if job.name == asked.name:
            job.work(actor=system(job.name), now=_now())
            return 0
    _complain(f"no job {asked.name!r}; there are " + ", ".join(j.name for j in scheduler.timetable(settings)))
    return 2


def erase_resident(settings: Settings, asked: Any) -> None:
    """Erase a resident for good, and tell the second place; how many entries of the ledger lost their words."""
    erased = erasing.erase(asked.id, reason=asked.reason, actor=ACTOR, now=_now())
    erasure.tell(settings.anchor_file)
    _say({"resident": asked.id, "erased": erased})


def rotate_keys(settings: Settings, asked: Any) -> None:
    """Announce new keys where no rotation is under way; the jobs do the rest. Told is how far it is."""
    if asked.retire:
        _say({"retired": keyring.retire(settings.key_file)})
        return
    if keyring.state(settings.key_file) is None:
        keyring.begin(settings.key_file, _now())
    _say(rekeying.told(settings.key_file))


def verify(settings: Settings, asked: Any) -> int:
    """Verify the ledger; the exit code says what was found."""
    anchor = asked.anchor or (settings.anchor_file if settings.anchor_file.exists() else None)
    result = verification.verify(receipt=asked.receipt, anchor=anchor)
    _say(result.message)
    return result.code


def examine(settings: Settings, asked: Any) -> int:
    """Say what is wrong with the installation; 1 where something must be mended."""
    findings = doctor.examine(settings)
    for finding in findings:
        _say(f"{finding.level:7} {finding.what}: {finding.told}")
    return int(any(finding.level == "error" for finding in findings))


def back_up(settings: Settings, asked: Any) -> None:
    """Back up; the path of the new archive."""
    _say(str(backup.backup(settings, asked.folder, now=_now())))


def restore(settings: Settings, asked: Any) -> None:
    """Restore, under the keys that the backup was made under; what was restored."""
    if not settings.key_file.exists():
        raise backup.BackupError(f"put the backup's key file at {settings.key_file} first")
    prepare.connect(settings)
    told = backup.restore(settings, asked.folder, now=_now())
    _say({"restored": told.path.name, "entries": told.seq, "erased": told.erased, "lost": told.lost})


if __name__ == "__main__":
    raise SystemExit(main())
