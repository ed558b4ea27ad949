"""When this process may be given work; no database, no clock."""
from backend.core.problems import Problem, Text

CHECKS: dict[str, Text] = {
    "database": Text("数据库无法访问", "the database does not answer"),
    "migrations": Text("数据库结构尚未升级", "migrations are pending"),
    "lease": Text("定时任务无人执行", "no process holds the lease of the jobs"),
}


class NotReady(Problem):
    """503 of /readyz; ``missing`` names what is not there, of CHECKS."""

    status, slug, title = 503, "not-ready", Text("系统尚未就绪", "Not ready yet")

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            "；".join(CHECKS[name].zh for name in missing),
            "; ".join(CHECKS[name].en for name in missing),
            headers={"Retry-After": "2"}, missing=missing,
        )


def missing(*, reachable: bool, current: bool, lease_seconds: int | None, asks_lease: bool) -> list[str]:
    """Which of CHECKS fails; one that fails keeps those after it from being asked."""
    if not reachable:
        return ["database"]
    if not current:
        return ["migrations"]
    stale = asks_lease and (lease_seconds is None or lease_seconds < 0)
    return ["lease"] if stale else []
