"""What the tests of reports share."""
from tests.people.conftest import together

__all__ = ["together"]
