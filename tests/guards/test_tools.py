"""The linter and the type checker are part of the suite."""
import subprocess
import sys

from tests.guards import house


def run(*command: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", *command], cwd=house.ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_ruff_has_nothing_to_say():
    run("ruff", "check", "--no-cache", ".")


def test_rules_and_core_are_typed():
    rules = [house.name_of(path) for path in house.sources() if "rules" in path.with_suffix("").parts]
    run("mypy", "--config-file", ".mypy.ini", "backend/core", *rules)
