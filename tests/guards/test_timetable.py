"""What a capability's ``jobs`` do by the clock stands in the timetable."""
import ast
import inspect

from backend import scheduler
from tests.guards import house


def test_every_job_is_in_the_timetable():
    """A public function of a capability's ``jobs`` is named in the scheduler."""
    told = inspect.getsource(scheduler)
    for path in house.sources():
        if path.relative_to(house.BACKEND).with_suffix("").parts[1:2] != ("jobs",) or "core" in path.parts:
            continue
        for function in house.functions(house.tree(path)):
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                assert f".{function.name})" in told, f"{house.name_of(path)}: {function.name}"
