"""What lower rooms must know of disclosure, told to them where this is imported: what an erasure finds."""
from backend.core import erasure
from backend.core.erasure import Hers
from backend.disclosure.actions import correcting
from backend.disclosure.queries import corrections

erasure.declare("disclosure", Hers(corrections.cells, corrections.entries, correcting.leave))
