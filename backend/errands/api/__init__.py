"""Routes of errands: the errand itself, what hangs on it, what its resident sees."""
from backend.errands.api import errands, parts, progress, turns
from backend.errands.api.blueprint import blp

__all__ = ["blp", "errands", "parts", "progress", "turns"]
