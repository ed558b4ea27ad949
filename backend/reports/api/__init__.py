"""Routes of coverage, sites and weekly reports."""
from backend.reports.api import coverage, forms, photos, raised, reports
from backend.reports.api.blueprint import blp

__all__ = ["blp", "coverage", "forms", "photos", "raised", "reports"]
