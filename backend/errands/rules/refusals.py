"""The zero-refusal register: every no, with its reason and the way on (rules 3.6, 3.7). Pure."""
from backend.core.problems import Text

DECLINED, REFUSED, RETURNED = "declined", "refused", "returned"
KINDS = (DECLINED, REFUSED, RETURNED)
OUTCOMES = (REFUSED, RETURNED)
"""Those of a completed errand."""

KIND_NAMES = {
    DECLINED: Text("不予受理", "declined"), REFUSED: Text("不予批准", "refused"), RETURNED: Text("退回", "returned"),
}
