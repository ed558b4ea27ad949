"""What the tests of files share."""
from tests.people.conftest import together

__all__ = ["together"]
