"""What the tests of supervision share with those of people."""
from tests.people.conftest import together

__all__ = ["together"]
