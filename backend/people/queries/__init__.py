"""What can be seen of people."""
from backend.people.queries.accounts import account, agents_of, handlers_of, has_handlers, has_samples, names
from backend.people.queries.residents import OF_NUMBER, has_last4, mobile_of, resident_summaries, resident_summary
from backend.people.queries.sessions import authenticate

__all__ = [
    "OF_NUMBER", "account", "agents_of", "authenticate", "handlers_of", "has_handlers", "has_last4", "has_samples",
    "mobile_of", "names", "resident_summaries", "resident_summary",
]
