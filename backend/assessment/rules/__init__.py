"""Who may read and do what in the assessment. Pure."""
from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, PROJECT_AGENT, ROLES, SUPERVISOR, TOWNSHIP

AGENT_SUBJECT, UNIT_SUBJECT, DEPARTMENT_SUBJECT = "agent", "unit", "department"
SUBJECTS = (AGENT_SUBJECT, UNIT_SUBJECT, DEPARTMENT_SUBJECT)

READERS = frozenset(ROLES)
DESKS = frozenset({AGENT, OPERATOR, PROJECT_AGENT})
"""Who sees his own score and his unit's, and no colleague's."""
APPELLANTS = frozenset({AGENT, OPERATOR, PROJECT_AGENT, TOWNSHIP, HANDLER})
DECIDERS = frozenset({SUPERVISOR})
EXPORTERS = frozenset({TOWNSHIP, OFFICE, SUPERVISOR, ADMIN})
CHECKERS = frozenset({OFFICE, SUPERVISOR, ADMIN})
