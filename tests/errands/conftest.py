"""What the tests of errands share."""
from tests.people.conftest import together

__all__ = ["together"]
