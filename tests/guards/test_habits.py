"""Sizes, names, docstrings and what must not stand in a file."""
import ast
import re

from tests.guards import house

SOURCES = house.sources()
TESTS = house.sources("tests")
PRINTERS = {"backend/cli.py", "backend/serve.py", "backend/sample.py", "backend/prepare.py"}
HOSTS = re.compile(
    "|".join((
        "np" + r"mjs\.", "unp" + r"kg\.", "jsdel" + "ivr", "py" + r"pi\.", "pythonho" + "sted",
    )),
    re.I,
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt)/\w")
UNDONE = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
HAN = re.compile(r"[\u3400-\u9fff]")
INSTANTS_OF_ANOTHER_NAME: set[str] = set()


def test_files_are_short():
    def length(path):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        return lines if lines > (300 if path.is_relative_to(house.BACKEND) else 400) else None

    assert house.offences(SOURCES + TESTS, length) == {}


def test_functions_are_short():
    def long(path):
        return [f.name for f in house.functions(house.tree(path)) if (f.end_lineno or 0) - f.lineno + 1 > 40]

    assert house.offences([path for path in SOURCES if "migrations" not in path.parts], long) == {}


def test_every_module_says_what_it_is():
    assert house.offences(SOURCES, lambda path: not ast.get_docstring(house.tree(path))) == {}


def test_every_view_says_what_it_does():
    def served(function):
        return any("blp." in ast.unparse(d) or "doors." in ast.unparse(d) for d in function.decorator_list)

    def silent(path):
        return [f.name for f in house.functions(house.tree(path)) if served(f) and not ast.get_docstring(f)]

    assert house.offences([path for path in SOURCES if "api" in path.with_suffix("").parts], silent) == {}


def test_nothing_prints_but_the_commands():
    def printing(path):
        return [
            node.lineno for node in ast.walk(house.tree(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]

    assert house.offences([path for path in SOURCES if house.name_of(path) not in PRINTERS], printing) == {}


def test_identifiers_are_english():
    def chinese(path):
        names = (
            getattr(node, kind, None) for node in ast.walk(house.tree(path)) for kind in ("id", "name", "arg")
        )
        return [name for name in names if isinstance(name, str) and HAN.search(name)]

    assert house.offences(SOURCES + TESTS, chinese) == {}


def test_no_file_names_a_machine_or_a_registry_or_leaves_work_undone():
    for name, text in house.texts():
        for pattern in (HOSTS, MACHINE, UNDONE):
            found = pattern.search(text)
            assert not found, f"{name}: {found.group() if found else ''}"


def test_vendored_files_name_no_registry():
    for path in house.committed():
        if house.VENDORED in path.name:
            text = path.read_text(encoding="utf-8")
            assert not HOSTS.search(text) and "source" + "MappingURL" not in text, path.name


def columns():
    for path in SOURCES:
        if "models" not in path.with_suffix("").parts:
            continue
        for node in ast.walk(house.tree(path)):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made)):
                    yield house.name_of(path), name, ast.unparse(made)


def test_instants_end_in_at_and_dates_in_on():
    for path, name, kind in columns():
        if name in INSTANTS_OF_ANOTHER_NAME:
            continue
        assert (kind == "InstantField") == name.endswith("_at"), f"{path}: {name} is a {kind}"
        assert (kind == "DayField") == name.endswith("_on"), f"{path}: {name} is a {kind}"


def test_money_is_whole_fen():
    for path, name, kind in columns():
        money = name.endswith("_fen") or any(word in name for word in ("amount", "fee", "price"))
        assert not money or kind not in ("FloatField", "DecimalField", "DoubleField"), f"{path}: {name}"
    for path in SOURCES:
        named = {name for node in ast.walk(house.tree(path)) for name in house.imported(node)}
        assert "decimal.Decimal" not in named and "decimal" not in named, house.name_of(path)


def test_migrations_are_numbered_without_a_gap():
    names = sorted(p.stem for p in SOURCES if p.parent.name == "migrations" and p.stem != "__init__")
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1)), names


def test_the_top_level_is_fixed():
    known = {"backend", "docs", "tests", "wsgi.py", "requirements.txt", "README.md"}
    top = {path.relative_to(house.ROOT).parts[0] for path in house.committed()}
    assert {name for name in top if not name.startswith(".")} <= known


def test_the_readme_has_the_two_commands():
    readme = (house.ROOT / "README.md").read_text(encoding="utf-8")
    made = "python3 -m venv .venv && .venv/bin/pip install -r "
    start = made + "requirements.txt && .venv/bin/python wsgi.py"
    check = made + "tests/requirements.txt && .venv/bin/python -m pytest"
    for command in (start, check):
        assert f"```\n{command}\n```" in readme or f"```sh\n{command}\n```" in readme
