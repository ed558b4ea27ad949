"""The numbers of a phone's mutations: strictly in order, each done once. Pure."""
from collections.abc import Sequence

from backend.core.problems import Problem, Text, invalid

MOST, MOST_BYTES = 100, 256 << 10


class OutOfOrder(Problem):
    """The first number is higher than the one expected: ``expected_n`` says from where to send again."""

    status, slug, title = 409, "out-of-order", Text(
        "序号不连续，请从缺失处重发", "Numbers are missing before this push"
    )


class NumberReused(Problem):
    """Another mutation has this number."""

    status, slug, title = 409, "number-reused", Text("该序号已用于另一操作", "Another mutation has this number")


class MutationReused(Problem):
    """The same id came with another content before."""

    status, slug, title = 409, "mutation-reused", Text(
        "该操作编号已用于其他内容", "The id was used with another content"
    )


class IdTaken(Problem):
    """Something else has the id that the phone made."""

    status, slug, title = 409, "id-taken", Text("编号已被占用", "The id is taken")


def check_consecutive(numbers: Sequence[int]) -> None:
    """Invalid unless each number follows the one before."""
    for place, (before, after) in enumerate(zip(numbers, numbers[1:]), start=1):
        if after != before + 1:
            raise invalid(f"mutations.{place}.n", "序号须逐一递增", "Numbers follow one another.")


def check_first(first: int, expected: int) -> None:
    """OutOfOrder where numbers are missing before the first."""
    if first > expected:
        raise OutOfOrder(f"应从 {expected} 号开始", f"Expected {expected} first.", expected_n=expected)
