"""The wording of all notices, one line per template (docs/decisions/0132). Pure.

The provider's own template codes stand in the operator's file (DAIBAN_SMS_TEMPLATES), by these names.
"""
from backend.notifications.rules.letters import (
    appointments,
    assessment,
    disclosure,
    errands,
    inspections,
    projects,
    reviews,
    staff,
    supervision,
    visits,
    voice,
)

LETTERS = (
    *errands.LETTERS, *appointments.LETTERS, *visits.LETTERS, *staff.LETTERS, *assessment.LETTERS,
    *disclosure.LETTERS, *inspections.LETTERS, *projects.LETTERS, *reviews.LETTERS, *supervision.LETTERS,
    *voice.LETTERS,
)
