"""Real servers on copies of the sample district."""
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import LONG, Server
from tests.stores import Store


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers who are told to come again do: on a busy machine a lock may take longer than a server waits for it."""
    monkeypatch.setattr(Server, "patience", LONG)


@pytest.fixture
def server(district_store: Store, keys: Path, tmp_path: Path) -> Iterator[Server]:
    """``python wsgi.py`` on the sample district, not yet started."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(keys, folder / "keys.json")
    url = district_store.copy()
    if url.startswith("sqlite"):
        shutil.move(url.removeprefix("sqlite:///"), folder / "daiban.db")
        made = Server(folder)
    else:
        made = Server(folder, url)
    yield made
    if made.process and made.process.poll() is None:
        made.kill()
    if made.url:
        district_store.drop(made.url)
