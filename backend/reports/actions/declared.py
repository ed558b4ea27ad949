"""What lower rooms must know of reported problems, told to them where this is imported: what an erasure finds."""
from backend.core import erasure
from backend.core.erasure import Hers
from backend.reports.queries import personal

erasure.declare("problems", Hers(personal.cells, personal.entries))
