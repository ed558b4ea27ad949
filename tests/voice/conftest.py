"""Many callers at the same moment."""
from tests.people.conftest import together

__all__ = ["together"]
