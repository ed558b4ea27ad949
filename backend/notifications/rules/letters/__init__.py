"""The wording of all notices, one line per template (docs/decisions/0132). Pure.

The provider's own template codes stand in the operator's file (DAIBAN_SMS_TEMPLATES), by these names.
"""
from backend.notifications.rules.letters import appointments, disclosure, errands, staff, visits

LETTERS = (*errands.LETTERS, *appointments.LETTERS, *visits.LETTERS, *disclosure.LETTERS, *staff.LETTERS)
