"""What docs/ says is what the code says."""
import dataclasses
import re

import pytest

from backend.core import problems
from backend.core.moves import Move
from backend.settings import Settings
from tests.guards import documents, house


@pytest.mark.parametrize("name", documents.PAGES)
def test_a_printed_page_is_fresh(name):
    page = (house.ROOT / name).read_text(encoding="utf-8")
    assert page == documents.PAGES[name](), "run python -m tests.guards.regenerate"


def test_a_slug_means_one_thing():
    documents.import_all()
    seen: dict[str, type] = {}
    for kind in set(problems.all_kinds()):
        if kind.__module__.startswith("backend.") and "slug" in kind.__dict__:
            assert seen.setdefault(kind.slug, kind) is kind, f"{kind.slug} is declared twice"
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.slug), kind.slug


def test_a_state_machine_is_printed_with_its_ends():
    table = {
        ("new", "begin"): Move("open", frozenset({"b", "a"})),
        ("open", "end"): Move("shut", frozenset({"a"})),
    }
    printed = documents.states("Things", table)
    assert "| new | begin | open | a, b |" in printed
    assert "Ends: shut." in printed


def test_every_setting_is_described():
    page = (house.ROOT / "docs/settings.md").read_text(encoding="utf-8")
    source = (house.BACKEND / "settings.py").read_text(encoding="utf-8")
    for name in set(re.findall(r"DAIBAN_[A-Z_]+[A-Z]", source)):
        assert f"`{name}`" in page, name
    assert dataclasses.fields(Settings)


def test_every_link_between_pages_leads_somewhere():
    for path in house.committed():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{house.name_of(path)} → {target}"
