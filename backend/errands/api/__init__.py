"""Routes of errands: the errand itself, its turns, what hangs on it, the register."""
from backend.errands.api import desk, errands, findings, hands, imports, notices, parts, register, turns
from backend.errands.api.blueprint import blp

__all__ = [
    "blp", "desk", "errands", "findings", "hands", "imports", "notices", "parts", "register", "turns",
]
