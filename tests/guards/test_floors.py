"""Imports go down, never up, never round; rules are pure; only core/clock.py asks the time."""
import ast
from pathlib import Path

import pytest

from tests.guards import house

FLOORS = (
    "settings", "core", "schema", "org", "people", "files", "catalogue", "notifications", "clocks", "errands",
    "appointments", "visits", "feeds", "reports", "projects", "voice", "supervision", "inspections", "assessment",
    "disclosure", "sync", "web",
)
INNER = {
    "rules": {"rules"},
    "models": {"rules", "models"},
    "queries": {"rules", "models", "queries"},
    "actions": {"rules", "models", "queries", "schemas", "actions"},
    "schemas": {"rules", "schemas"},
    "api": {"rules", "schemas", "queries", "actions", "api"},
    "jobs": {"rules", "models", "queries", "actions", "jobs"},
}
FREE = {"web", "core"}
LATE = {"pypinyin", "PIL", "openpyxl", "docx", "granian", "icalendar"}
IMPURE = ("flask", "peewee", "marshmallow", "playhouse", "backend.core.db", "backend.core.sql")
PURE_IN_CLOCK = {
    "at_local", "local", "local_date", "wire", "to_micros", "from_micros", "EPOCH", "ZONE", "MICROSECOND",
}
ASKING = {"now", "utcnow", "today"}

SOURCES = house.sources()


def parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(house.BACKEND).with_suffix("").parts


def imports_of(path: Path) -> list[str]:
    return [name for node in ast.walk(house.tree(path)) for name in house.imported(node)]


def own_imports(path: Path) -> list[list[str]]:
    return [name.split(".")[1:] for name in imports_of(path) if name.startswith("backend.")]


@pytest.mark.parametrize("path", SOURCES, ids=house.name_of)
def test_no_file_imports_from_a_floor_above(path):
    floor = parts(path)[0]
    if floor not in FLOORS:
        return
    above = {target[0] for target in own_imports(path) if target[0] not in FLOORS[: FLOORS.index(floor) + 1]}
    assert not above, f"{house.name_of(path)} imports from above: {sorted(above)}"


@pytest.mark.parametrize("path", SOURCES, ids=house.name_of)
def test_a_capability_keeps_its_inner_order(path):
    where = parts(path)
    if where[0] not in FLOORS or where[0] in FREE or len(where) < 2 or where[1] == "__init__":
        return
    assert where[1] in INNER, f"{where[1]} is none of {sorted(INNER)}"
    inside = {target[1] for target in own_imports(path) if target[0] == where[0] and len(target) > 1}
    assert inside <= INNER[where[1]], f"imports {sorted(inside - INNER[where[1]])}"


@pytest.mark.parametrize("path", SOURCES, ids=house.name_of)
def test_nothing_is_imported_inside_a_function(path):
    late = {
        name for function in house.functions(house.tree(path))
        for node in ast.walk(function) for name in house.imported(node)
        if name.split(".")[0] not in LATE
    }
    assert not late, f"imports inside a function: {sorted(late)}"


@pytest.mark.parametrize("path", [p for p in SOURCES if "rules" in parts(p)], ids=house.name_of)
def test_rules_are_pure(path):
    for name in imports_of(path):
        if name.startswith("backend.core.clock."):
            assert name.rpartition(".")[2] in PURE_IN_CLOCK, name
        elif name != "backend.core.clock":
            assert not name.startswith(IMPURE), f"a rule imports {name}"


@pytest.mark.parametrize("path", SOURCES, ids=house.name_of)
def test_only_the_clock_asks_the_time(path):
    if parts(path) == ("core", "clock"):
        return
    assert not {name for name in imports_of(path) if name.split(".")[0] == "time"}, "imports time"
    for node in ast.walk(house.tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in ASKING:
            asked = ast.unparse(node.value)
            assert asked not in ("datetime", "date", "datetime.datetime", "datetime.date"), (
                f"line {node.lineno}: {asked}.{node.attr}"
            )
