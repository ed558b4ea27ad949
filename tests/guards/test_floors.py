"""Imports go down, never up, never round; rules are pure; only core/clock.py asks the time."""
import ast
from pathlib import Path

from tests.guards import house

FLOORS = (
    "settings", "core", "schema", "org", "people", "files", "catalogue", "notifications", "clocks", "errands",
    "appointments", "visits", "feeds", "reports", "projects", "voice", "supervision", "surveys", "inspections",
    "assessment", "disclosure", "sync", "web",
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
LATE = {"PIL", "openpyxl", "docx", "granian", "icalendar"}
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


def test_no_file_imports_from_a_floor_above():
    def above(path):
        floor = parts(path)[0]
        if floor not in FLOORS:
            return set()
        return {target[0] for target in own_imports(path)} - set(FLOORS[: FLOORS.index(floor) + 1])

    assert house.offences(SOURCES, above) == {}


def test_a_capability_keeps_its_inner_order():
    def astray(path):
        where = parts(path)
        if where[0] not in FLOORS or where[0] in FREE or len(where) < 2 or where[1] == "__init__":
            return set()
        if where[1] not in INNER:
            return {f"{where[1]} is none of {sorted(INNER)}"}
        inside = {target[1] for target in own_imports(path) if target[0] == where[0] and len(target) > 1}
        return inside - INNER[where[1]]

    assert house.offences(SOURCES, astray) == {}


def test_nothing_is_imported_inside_a_function():
    def late(path):
        return {
            name for function in house.functions(house.tree(path))
            for node in ast.walk(function) for name in house.imported(node)
            if name.split(".")[0] not in LATE
        }

    assert house.offences(SOURCES, late) == {}


def test_rules_are_pure():
    def impure(path):
        return [
            name for name in imports_of(path)
            if (name.rpartition(".")[2] not in PURE_IN_CLOCK if name.startswith("backend.core.clock.")
                else name.startswith(IMPURE))
        ]

    assert house.offences([path for path in SOURCES if "rules" in parts(path)], impure) == {}


def test_only_the_clock_asks_the_time():
    def asked(path):
        tree = ast.walk(house.tree(path))
        asking = [ast.unparse(node) for node in tree if isinstance(node, ast.Attribute) and node.attr in ASKING]
        return {name for name in imports_of(path) if name.split(".")[0] == "time"} | {
            told for told in asking
            if told.rpartition(".")[0] in ("datetime", "date", "datetime.datetime", "datetime.date")
        }

    assert house.offences([path for path in SOURCES if parts(path) != ("core", "clock")], asked) == {}
