"""The operations of a phone: which make something new, which may come whenever, and what state they lead to."""

MAKES = {
    "errand.register": "errand", "visit.request": "visit", "problem.report": "problem",
    "appointment.book": "appointment",
}
"""``entity_id`` is a UUID made here, and becomes the thing's id."""
ADDS = {"errand.note": "errand", "errand.trip": "errand"}
"""What is added to a thing, whatever became of it meanwhile: no base version."""
EDITS = {"resident.edit": "resident", "errand.materials": "errand"}
"""Merged field by field: ``base`` holds what the fields were when they were changed here."""
LEADS_TO = {
    "errand.register": "registered", "errand.supplement": "awaiting_materials", "errand.accept": "accepted",
    "errand.decline": "declined", "errand.withdraw": "withdrawn", "errand.complete": "completed",
    "errand.deliver": "delivered", "errand.close": "closed",
    "visit.request": "requested", "visit.depart": "en_route", "visit.arrive": "arrived", "visit.complete": "done",
    "visit.fail": "failed",
}
"""Commands: ``base`` holds the state in which they were given."""


def kind_of(operation: str) -> str:
    """The type of the thing that an operation is about."""
    return operation.partition(".")[0]
