"""What the tests of appointments share."""
from tests.people.conftest import together

__all__ = ["together"]
