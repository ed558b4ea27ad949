"""The API tour: docs/api-tour.md is walked against the sample district, each answer compared.

In the page, a block of ``http`` that begins with a method is sent, a block of ``sh`` is run, and the
block after it holds what came back. ``<!-- clock … -->`` moves the clock, ``<!-- keep name=key -->``
before a request keeps a value of its answer (a header, or a key of the body), to be used as
``{name}`` from then on, ``<!-- show key … -->`` shows these keys only. ``python -m
tests.guards.regenerate`` writes the answers anew.
"""
import contextlib
import io
import json
import os
import re
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest import mock

from backend import cli, sample, schema
from backend.app import create_app
from backend.core import db, secrets, transaction
from backend.settings import Settings
from tests import cast
from tests.conftest import START, FixedClock

PAGE = Path(__file__).parents[1] / "docs/api-tour.md"
BLOCK = re.compile(
    r"<!-- (?P<order>\w+) (?P<told>[^\n]*) -->\n"
    r"|```http\n(?P<request>[A-Z]+ .*?)\n```\n|```sh\n(?P<command>.*?)\n```\n",
    re.S,
)
ANSWER = re.compile(r"\n```(?:http\n[0-9]{3} |text\n).*?\n```\n", re.S)
SHOWN = ("Content-Type", "ETag", "Retry-After", "Idempotent-Replayed", "Ledger-Receipt")
WIDTH = 100
OPAQUE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "{id}"),
    (re.compile(r'(\nETag: )"[^\n]+'), r"\1{tag}"),
    (re.compile(r"(\nLedger-Receipt: )[0-9]+\.[0-9a-f]+"), r"\1{receipt}"),
    (re.compile(r'("next_cursor": )"[^"]+"'), r'\1"{cursor}"'),
    (re.compile(r"\b[0-9]+( entries)"), r"{count}\1"),
    (re.compile(r'("seq": )[0-9]+'), r"\1{seq}"),
)


class Walk:
    """One walk through the page, with what was kept on the way."""

    def __init__(self, app: Any, fixed_clock: FixedClock) -> None:
        self.client, self.clock = app.test_client(), fixed_clock
        self.settings: Settings = app.extensions["daiban"].settings
        self.kept = {"password": cast.PASSWORD}
        self.wanted: list[list[str]] = []
        self.chosen: list[str] = []

    def through(self, page: str) -> str:
        """The page with the answers of this walk."""
        found, at = [], 0
        while block := BLOCK.search(page, at):
            found.append(page[at:block.end()])
            at = block.end()
            answer = self._answer(block)
            if answer is not None:
                old = ANSWER.match(page, at)
                at = old.end() if old else at
                found.append(f"\n```{answer}\n```\n")
        return "".join([*found, page[at:]])

    def _answer(self, block: re.Match[str]) -> str | None:
        if block["order"] == "clock":
            self.clock.set(block["told"])
        elif block["order"] == "keep":
            self.wanted = [pair.split("=") for pair in block["told"].split()]
        elif block["order"] == "show":
            self.chosen = block["told"].split()
        elif block["request"]:
            return "http\n" + self._sent(self._filled(block["request"]))
        elif block["command"]:
            return "text\n" + self._run(self._filled(block["command"]))
        return None

    def _filled(self, text: str) -> str:
        for name, value in self.kept.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _sent(self, request: str) -> str:
        head, _, body = request.partition("\n\n")
        first, *lines = head.split("\n")
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        if body:
            headers["Content-Type"] = "application/json"
        answer = self.client.open(path, method=method, headers=headers, data=body.encode() or None)
        assert not self.wanted or answer.status_code < 300, answer.get_data(as_text=True)
        for name, key in self.wanted:
            self.kept[name] = answer.headers[key] if key in answer.headers else answer.json[key]
        chosen, self.chosen, self.wanted = self.chosen, [], []
        return self._opaque(_told(answer, chosen))

    def _run(self, command: str) -> str:
        prefix = "python -m backend.cli "
        assert command.startswith(prefix), command
        environment = {
            "DAIBAN_DATA_DIR": str(self.settings.data_dir), "DAIBAN_DATABASE_URL": self.settings.database_url,
            "DAIBAN_KEY_FILE": str(self.settings.key_file), "DAIBAN_ANCHOR_FILE": str(self.settings.anchor_file),
        }
        said = io.StringIO()
        with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(said):
            code = cli.main(command.removeprefix(prefix).split())
        return self._opaque(f"{said.getvalue()}exit code {code}")

    def _opaque(self, text: str) -> str:
        for name, value in self.kept.items():
            if name != "password":
                text = text.replace(value, "{" + name + "}")
        for pattern, form in OPAQUE:
            text = pattern.sub(form, text)
        return text


def _told(answer: Any, chosen: list[str]) -> str:
    lines = [f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}"]
    for name in SHOWN:
        plain = name == "Content-Type" and answer.mimetype == "application/json"
        if name in answer.headers and not plain and answer.status_code != 204:
            lines.append(f"{name}: {answer.headers[name]}")
    if answer.is_json:
        lines += ["", laid(_chosen(answer.json, chosen))]
    return "\n".join(lines)


def _chosen(value: Any, keys: list[str]) -> Any:
    if not keys:
        return value
    if "items" in value:
        return value | {"items": [_chosen(item, keys) for item in value["items"]]}
    return {key: value[key] for key in keys} | {"…": "…"}


def laid(value: Any, indent: int = 0) -> str:
    """JSON in as few lines as fit the width."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, (dict, list)):
        return flat
    pad, end = "\n" + " " * (indent + 2), "\n" + " " * indent
    if isinstance(value, list):
        return "[" + ",".join(pad + laid(part, indent + 2) for part in value) + end + "]"
    parts = (f"{pad}{json.dumps(key, ensure_ascii=False)}: {laid(part, indent + 2)}" for key, part in value.items())
    return "{" + ",".join(parts) + end + "}"


def page() -> str:
    """The page as it ought to be, walked on a sample district made for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            folder, f"sqlite:///{folder}/daiban.db", key_file=folder / "keys.json",
            anchor_file=folder / "anchors.log",
        )
        secrets.make_key_file(settings.key_file)
        secrets.load(settings.key_file)
        db.connect(settings.database_url)
        schema.upgrade()
        sample.load_calendar(START)
        sample.load("huangyan", cast.PASSWORD, START)
        clock = FixedClock()
        walked = Walk(create_app(settings, clock), clock).through(PAGE.read_text(encoding="utf-8"))
        transaction.drop_connection()
        return walked
