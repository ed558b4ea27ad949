"""An action that changes thousands of subjects still writes one block."""
from backend.core import actor, ledger, sql
from backend.core.transaction import transaction


@transaction
def change(count, *, actor, now):
    for number in range(count):
        ledger.record("thing.change", "thing", str(number))
    return count


def test_a_block_of_thousands_of_entries_is_written_whole(database, now):
    change(2_500, actor=actor.system("test"), now=now)
    assert ledger.head()[0] == 2_500
    assert sql.value("SELECT count(*) FROM ledger_detail") == 2_500
