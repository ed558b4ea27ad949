"""A fuzzer driven by the document finds no fault and no undocumented answer, whoever calls.

In the suite a quarter of the operations gets a sample of cases, the same in each run; ``DAIBAN_TEST_FUZZ_SEED``
varies what fills them, and 1, 2 and 3 take the other quarters. ``DAIBAN_TEST_FUZZ=50`` takes all on both engines, and
draws 50 random values an operation and mode besides all the document's edges.
"""
import os

import pytest

from backend.core import sql
from tests.fuzz.driver import Fuzzer
from tests.fuzz.known import CAST, Known

LONG = int(os.environ.get("DAIBAN_TEST_FUZZ", "0"))
SEED = int(os.environ.get("DAIBAN_TEST_FUZZ_SEED", "0"))
SHARE = 0.08
EXAMPLES = 2
PARTS = 2 if LONG else 1
SECOND_TRY = 40
"""For the few operations that nothing drawn has moved yet."""


@pytest.mark.parametrize("part", range(PARTS))
def test_no_call_of_any_role_is_answered_otherwise_than_documented(district_app, part):
    """In the suite SQLite takes every eighth operation, PostgreSQL those between; a longer look takes all on both."""
    fuzzer = Fuzzer(district_app, Known(district_app.test_client()), seed=SEED)
    fuzzer.operations = fuzzer.operations[part::PARTS]
    if not LONG:
        fuzzer.operations = fuzzer.operations[(SEED + 4 * sql.on_postgresql()) % 8 :: 8]
    for operation in fuzzer.operations:
        fuzzer.run(operation, share=1.0 if LONG else SHARE, examples=LONG or EXAMPLES)
    silent = fuzzer.silent()
    for operation in fuzzer.operations:
        if operation.definition.raw["operationId"] in silent:
            fuzzer.run(operation, share=SHARE, examples=SECOND_TRY)
    assert not fuzzer.found, "\n\n".join(fuzzer.found.values())
    assert fuzzer.roles == {None, *CAST}
    assert len(fuzzer.silent()) <= len(fuzzer.operations) // 8, fuzzer.silent()
