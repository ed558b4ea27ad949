"""Calls made from the OpenAPI document, filled with what exists, and judged by it."""
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override

from tests.fuzz import inspecting, projecting, pushing, reviewing, uploading, visiting
from tests.fuzz.known import CAST, Known

load_all_checks()
CHECKS = [getattr(schemathesis.checks, name) for name in (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "ignored_auth",
    "missing_required_header",
)]
REFUSALS = ["400", "401", "403", "404", "405", "409", "411", "412", "413", "415", "422", "428", "429"]
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
RIPE = {
    "acceptance": "registered", "declination": "registered", "materials": "registered", "withdrawal": "registered",
    "delivery": "completed", "closing": "delivered", "end": "suspended", "supplement-notices": "registered",
    "hand-in": "above",
}
STEPS = {
    "suspensions": "suspended", "supplement-notices": "told", "handovers": "asked", "forwardings": "forwarded",
}
_keys = itertools.count()


class Sure(random.Random):
    """Chance that always says yes, and the first."""

    def random(self) -> float:
        return 0.0


SURE = Sure()


def loaded(app: Any) -> Any:
    """The application's own document, with its checks set up."""
    config = SchemathesisConfig.from_dict({
        "checks": {
            "negative_data_rejection": {"expected-statuses": REFUSALS},
            "missing_required_header": {"expected-statuses": ["401", "403", "404", "415", "400", "412", "422", "428"]},
        },
    })
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


class Fuzzer:
    """Sends cases as one role after another and keeps what the checks find."""

    def __init__(self, app: Any, known: Known, *, seed: int = 0) -> None:
        self.schema, self.known, self.chance = loaded(app), known, random.Random(seed)
        self.operations = [found.ok() for found in self.schema.get_all_operations()]
        self.found: dict[tuple[str, ...], str] = {}
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)
        self.roles: set[str | None] = set()
        self.sent = 0

    def run(self, operation: Any, *, share: float, examples: int) -> None:
        """Send the operation's cases, each as the next of the roles that may, now and then as another."""
        self.known.prepare(operation.path, operation.method)
        may = list(roles_of(operation))
        others = [role for role in (None, *CAST) if role not in may] if may != [None] else list(CAST)
        turns = itertools.cycle((*may * 3, *others))
        drawn = self._random(operation, examples)
        for case, role in zip(drawn, (*may, *may), strict=False):
            self.send(case, role, SURE)
        for case in itertools.chain(drawn[2 * len(may):], self._coverage(operation, share)):
            self.send(case, next(turns), self.chance)

    def _coverage(self, operation: Any, share: float) -> Iterator[Any]:
        """The document's own edges: each bound, each word, each missing and each wrong member."""
        generator = CoverageGenerator(
            operation=operation, generation_modes=BOTH, auth_storage=None, override=Override(), feedback=NO_FEEDBACK,
            generation_config=self.schema.config.generation_for(operation=operation, phase="coverage"),
        )
        return (case for case in generator if share == 1.0 or self.chance.random() < share)

    def _random(self, operation: Any, examples: int) -> list[Any]:
        """Values drawn from the document, right ones and wrong ones."""
        found: list[Any] = []
        negatable = operation.body or operation.query
        for mode in BOTH if negatable else BOTH[:1]:
            @hypothesis.settings(
                max_examples=examples, derandomize=True, deadline=None, database=None,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            )
            @hypothesis.given(operation.as_strategy(generation_mode=mode))
            def drawn(case: Any) -> None:
                found.append(case)

            drawn()
        return found

    def send(self, case: Any, role: str | None, chance: random.Random) -> None:
        """One call, filled and checked."""
        self.sent += 1
        self.roles.add(role)
        wrong = [place for place in ParameterLocation if case.meta and case.meta.is_negative_at(place)]
        fill(case, self.known, role, chance)
        judged = wrong and not hollow(case) and not only_strange(case, wrong)
        excused = [] if judged else [schemathesis.checks.negative_data_rejection]
        headers = {}
        if role:
            headers["Authorization"] = f"Bearer {self.known.callers[role].token}"
        try:
            response = case.call(headers=headers)
            if role and response.status_code in (204, 401):
                self.known.caller(role)
            self.answers[case.operation.definition.raw["operationId"]][response.status_code] += 1
            self._learn(case, response)
            case.validate_response(
                response, CHECKS, excluded_checks=excused, headers=headers, transport_kwargs={"headers": headers},
            )
        except FailureGroup as group:
            for failure in group.exceptions:
                self._keep(case, role, failure)
        except Failure as failure:
            self._keep(case, role, failure)

    def silent(self) -> dict[str, dict[int, int]]:
        """The operations that never answered with success, and what they answered."""
        names = [operation.definition.raw["operationId"] for operation in self.operations]
        return {name: dict(self.answers[name]) for name in names if min(self.answers[name], default=999) >= 300}

    def _learn(self, case: Any, response: Any) -> None:
        if response.status_code == 200 and b'"next_cursor":"' in response.content:
            self.known.values[f"cursor {case.operation.label}"].append(response.json()["next_cursor"])
        elif response.status_code == 200 and b'"cursor":"' in response.content:
            self.known.values[f"cursor {case.operation.label}"].append(response.json()["cursor"])

    def _keep(self, case: Any, role: str | None, failure: Any) -> None:
        title = getattr(failure, "title", type(failure).__name__)
        told = f"{failure}".strip().splitlines()
        key = (case.operation.label, title, " ".join(told)[:160])
        self.found.setdefault(key, f"as {role}: {case.as_curl_command()}\n{failure}")


def fill(case: Any, known: Known, role: str | None, chance: random.Random) -> None:
    """Put existing values where the case's own are good, so that the call reaches what is behind."""
    good = _good(case)
    if good(ParameterLocation.PATH) and chance.random() < 0.9:
        _fill_path(case, known, role, chance)
    if good(ParameterLocation.HEADER):
        names = {name.lower(): name for name in case.headers}
        if "idempotency-key" in names and chance.random() < 0.9:
            case.headers[names["idempotency-key"]] = f"fuzz-key-{next(_keys):08d}"
        if "if-match" in names and chance.random() < 0.8:
            case.headers[names["if-match"]] = "*"
        uploading.fill_headers(case, chance)
    if good(ParameterLocation.BODY):
        if case.media_type == "multipart/form-data":
            if chance.random() < 0.7 and isinstance(case.body, dict):
                case.body = {"file": known.values[_file_for(case.operation.path)][0]}
        else:
            given = known.bodies.get(case.operation.definition.raw["operationId"])
            if given and isinstance(case.body, dict) and chance.random() < 0.6:
                case.body = given(known, case.body, chance)
            else:
                case.body = filled(case.body, "", known, chance)
    if good(ParameterLocation.QUERY) and case.query:
        case.query = filled_query(case, known, chance)


def _file_for(path: str) -> str:
    if path.endswith("/form"):
        return "form"
    return "register" if "/imports" in path else "picture"


def _good(case: Any) -> Callable[[ParameterLocation], bool]:
    def good(place: ParameterLocation) -> bool:
        return case.meta is not None and not case.meta.is_negative_at(place)

    return good


def _fill_path(case: Any, known: Known, role: str | None, chance: random.Random) -> None:
    given = dict(case.path_parameters)
    if "part_id" in given:
        plural = case.operation.path.split("/")[-2]
        parts = [part for part in known.values["parts"] if part[1] == plural] or known.values["parts"]
        given["errand_id"], _, given["part_id"] = chance.choice(parts)
        case.path_parameters = given
        return
    for name in given:
        pool = _pool(name, case.operation, chance)
        choices = known.values.get(f"{pool} {role}") or known.values.get(f"{name} {role}") or known.values.get(pool)
        if choices:
            given[name] = chance.choice(choices)
    case.path_parameters = given


def _pool(name: str, operation: Any, chance: random.Random) -> str:
    if name == "period" and "/supervision-cycles/" in operation.path:
        return "cycle_period"
    if name == "paper_id" and "/notices/" in operation.path:
        return "issued_paper_id"
    if "/bulletins/" in operation.path and name == "week":
        return "bulletin_week" if operation.method == "get" else "issuable_week"
    if "/weekly-reports/" in operation.path and name in ("week", "unit_code"):
        return {"week": "reported_week", "unit_code": "reporting_unit"}[name]
    if reviewing.mine(operation.path):
        return reviewing.pool(name, operation.path, chance)
    if "/inspection" in operation.path or "/surveys" in operation.path:
        return inspecting.pool(name, operation.path, chance)
    if pushing.mine(operation.path):
        return pushing.pool(name)
    if "/files/announcements/" in operation.path:
        return "announced_id"
    if "/disclosures/" in operation.path and name == "month":
        return "told_month"
    if "/project" in operation.path:
        return projecting.pool(name, operation.path, chance)
    if name == "code":
        if "/units/" in operation.path:
            return "unit_code" if operation.method == "get" else "spare_unit_code"
        if "/posts/" in operation.path:
            return chance.choice(("unit_code", "department_code"))
        if "/departments/" in operation.path:
            return "department_code"
        return "item_code" if operation.method == "get" else chance.choice((*["draft_code"] * 3, "spare_item_code"))
    if name == "number":
        return "version_number"
    if name == "visit_id":
        return visiting.pool(operation.path, chance)
    if name == "errand_id" and operation.path.endswith("/rating-slips"):
        return "by_state completed"
    if name == "errand_id":
        parts = operation.path.split("/")
        ripe = next((STEPS[part] for part in parts[:-1] if part in STEPS), RIPE.get(parts[-1], "accepted"))
        return chance.choice((*[f"by_state {ripe}"] * 3, "errand_id"))
    return name


def hollow(case: Any) -> bool:
    """Whether the strange names of a query have nothing to say: an empty list is not sent at all."""
    known = {parameter.name for parameter in case.operation.query}
    strange = [value for name, value in (case.query or {}).items() if name not in known]
    return bool(strange) and all(value in ([], {}) for value in strange)


def only_strange(case: Any, wrong: list[ParameterLocation]) -> bool:
    """Whether all that is wrong is a header that nobody knows: proxies add what they like, and nobody looks at it."""
    return wrong == [ParameterLocation.HEADER] and "x-schemathesis-unknown-property" in case.headers


def filled(value: Any, name: str, known: Known, chance: random.Random) -> Any:
    """The value with known ones at most of the names that have them."""
    if isinstance(value, dict):
        return {key: filled(inner, key, known, chance) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, f"{name} item", known, chance) for inner in value]
    choices = known.values.get(name)
    if choices and isinstance(value, str) and chance.random() < 0.8:
        return chance.choice(choices)
    return value


def filled_query(case: Any, known: Known, chance: random.Random) -> dict[str, Any]:
    """The query with known codes, and with cursors that were handed out."""
    found = dict(case.query)
    for name, value in case.query.items():
        choices = known.values.get(f"cursor {case.operation.label}" if name == "cursor" else name)
        if name == "cursor" and not choices:
            found.pop(name)
        elif choices and chance.random() < 0.7:
            found[name] = [chance.choice(choices)] if isinstance(value, list) else chance.choice(choices)
    if "limit" in found and chance.random() < 0.5:
        found["limit"] = 1
    return found


def roles_of(operation: Any) -> Iterator[str | None]:
    """The roles that may call it; None stands for a caller without account."""
    allowed = operation.definition.raw.get("x-roles")
    yield from allowed if allowed else (None,)
