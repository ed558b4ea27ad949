"""Whether our books have a person."""
from backend.core import blinding, sql
from backend.org import rules as tree
from backend.people import queries as people

_RESIDENT = f"{people.OF_NUMBER} AND erased_at IS NULL"


def resident_of(unit_code: str, person: dict[str, str]) -> str | None:
    """The resident of the unit's township with that ID number, where our books know her."""
    if "id_number" not in person:
        return None
    indexes = blinding.searched("id_number", person["id_number"])
    found = sql.value(_RESIDENT, (tree.township_of(unit_code), *indexes))
    return None if found is None else str(found)
