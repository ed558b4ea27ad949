"""What the guards read: the sources as text and as syntax trees."""
import ast
import subprocess
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "backend"
VENDORED = "swagger-ui"


@lru_cache(maxsize=1)
def committed() -> tuple[Path, ...]:
    """The files of the repository: those git knows or would add; without git all but dot-folders."""
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode == 0:
        found = [ROOT / line for line in told.stdout.splitlines()]
    else:
        found = [path for path in ROOT.rglob("*") if not any(p[0] == "." for p in path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def sources(folder: str = "backend") -> list[Path]:
    """The Python files of a top folder."""
    return [path for path in committed() if path.suffix == ".py" and path.is_relative_to(ROOT / folder)]


def texts() -> list[tuple[str, str]]:
    """Every committed text of our own, with its path from the root; vendored files left out."""
    found = []
    for path in committed():
        if VENDORED in path.name:
            continue
        try:
            found.append((name_of(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def name_of(path: Path) -> str:
    """The path from the root."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=4096)
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    """The modules that one import statement names, ``from a import b`` as ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, however deep."""
    return [node for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def offences(paths: Iterable[Path], found: Callable[[Path], Any]) -> dict[str, Any]:
    """What ``found`` finds in the files, by their names; files without are left out."""
    told = {name_of(path): found(path) for path in paths}
    return {name: what for name, what in told.items() if what}
