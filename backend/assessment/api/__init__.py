"""Routes of the assessment."""
from backend.assessment.api import appeals, schemes, scores
from backend.assessment.api.blueprint import blp

__all__ = ["appeals", "blp", "schemes", "scores"]
