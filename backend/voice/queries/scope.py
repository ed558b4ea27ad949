"""Who sees what of residents' voice: whom it concerns never does, whatever his role (rules 10.2, 10.3)."""
from backend.core.actor import ADMIN, SUPERVISOR, TOWNSHIP, Actor
from backend.org import rules as tree
from backend.org.rules import scope as reach
from backend.voice.queries.walking import Bound

NOTICE_OF_COMPLAINT = """EXISTS (
    SELECT 1 FROM complaint c WHERE c.id = notice.subject_id AND (c.account_id = ? OR c.agent_id = ?)
)"""
ENTRY_OF_COMPLAINT = """e.subject_type = 'complaint' AND EXISTS (
    SELECT 1 FROM complaint c WHERE c.id = e.subject_id AND (c.account_id = ? OR c.agent_id = ?)
)"""
"""On ``ledger_entry e``: that it is of a complaint about the account."""
NOTICE_OF_RECTIFICATION = """EXISTS (
    SELECT 1 FROM rectification c WHERE c.id = notice.subject_id AND c.agent_id = ?
)"""
NOBODY = Bound("t.recorded_by = ?", ["-"])


def complaints(actor: Actor) -> Bound:
    """What leads to the complaints of an actor: a township's own, a supervisor's and admin's district, else one's own.

    One's own are those that one has written down for a caller.
    """
    code = actor.unit_code or ""
    if actor.role == TOWNSHIP and code:
        return Bound("t.handler_code = ?", [tree.township_of(code)])
    if actor.role in (SUPERVISOR, ADMIN) and code:
        return Bound("t.district_code = ?", [reach.district(actor)])
    return Bound("t.recorded_by = ?", [actor.id]) if actor.signed_in else NOBODY


def not_about(actor: Actor) -> Bound:
    """That a complaint is not about the actor, neither by name nor as the agent of the errand."""
    return Bound("COALESCE(t.account_id, '') <> ? AND COALESCE(t.agent_id, '') <> ?", [actor.id, actor.id])


def rectifications(actor: Actor) -> Bound:
    """What leads to the rectifications of an actor."""
    if actor.role == TOWNSHIP and actor.unit_code:
        return Bound("t.township_code = ?", [tree.township_of(actor.unit_code)])
    if actor.role == SUPERVISOR and actor.unit_code:
        return Bound("t.district_code = ?", [reach.district(actor)])
    return Bound("t.township_code = ?", ["-"])


def not_rated(actor: Actor) -> Bound:
    """That the actor is not who was rated."""
    return Bound("t.agent_id || '' <> ?", [actor.id])
