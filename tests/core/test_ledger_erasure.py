"""Erasing details leaves the chain verifiable and says what was erased."""
import pytest

from backend.core import erasure, ids, ledger, secondplace, secrets, sql, verification
from backend.errands.models import SupplementNotice
from backend.people.models import Resident
from tests.core.book import WHO, tamper, write


def erase(seqs, now, **more):
    return erasure.erase_details(seqs, actor=WHO, now=now, **more)


def test_an_erased_detail_is_gone_and_the_chain_is_whole(database, now):
    write(10, now=now)
    assert erase([2, 3, 4, 9], now, reason="应本人要求") == 4
    assert ledger.history("thing", "t2")[0]["detail"] is None
    assert ledger.history("thing", "t4")[0]["detail"] == {"name": "甲4"}
    assert sql.value("SELECT fields FROM ledger_entry WHERE seq = 11") == "2-4,9"
    assert verification.verify().code == 0


def test_erasing_again_does_nothing(database, now):
    write(5, now=now)
    erase([2, 3], now)
    assert erase([2, 3], now) == 0
    assert ledger.head()[0] == 6


def test_many_scattered_details_are_named_in_as_many_entries_as_needed(database, now):
    for _ in range(7):
        write(100, now=now)
    assert erase(range(1, 700, 2), now) == 350
    longest = sql.value("SELECT max(length(fields)) FROM ledger_entry WHERE action = 'ledger.erase'")
    assert longest <= erasure.LONGEST
    assert ledger.head()[0] > 701
    assert verification.verify().code == 0


def test_an_erasure_covers_only_what_it_names(database, now):
    write(5, now=now)
    erase([2], now)
    tamper("UPDATE ledger_entry SET fields = '2-3' WHERE seq = 6")
    assert verification.verify()[:2] == (1, 6)


def test_cells_of_rows_are_blanked_in_the_same_act(database, now):
    resident_id = ids.new(now)
    sealed = secrets.seal("13812345678", f"resident|phone|{resident_id}")
    sql.insert(Resident, id=resident_id, township_code="331003100000", name="王秀兰", pinyin="wangxiulan",
               initials="wxl", phone_sealed=sealed, made_at=now, version=1)
    cells = erasure.Cells("resident", resident_id, ("name", "phone_sealed"))
    assert erase([], now, cells=[cells]) == 0
    row = sql.row("SELECT name, phone_sealed FROM resident WHERE id = ?", (resident_id,))
    assert row == {"name": "", "phone_sealed": None}
    assert verification.verify().code == 0


def test_all_rows_of_a_key_are_blanked_and_a_replay_blanks_them_again(database, now, tmp_path):
    def notice(n):
        sql.insert(SupplementNotice, id=f"n{n}", errand_id="e1" if n < 3 else "e2", n=n, number=f"1-{n}",
                   missing=[{"name": "户口簿", "note": "王秀兰"}], account_id="a", made_at=now)

    for n in (1, 2, 3):
        notice(n)
    erase([], now, cells=[erasure.Cells("supplement_notice", "e1", ("missing",), "errand_id")])
    missing = "SELECT missing FROM supplement_notice ORDER BY n"
    assert [text for (text,) in sql.execute(missing).fetchall()][:2] == ["[]", "[]"]
    assert "王秀兰" in sql.value("SELECT missing FROM supplement_notice WHERE id = 'n3'")
    anchors = tmp_path / "anchors.log"
    erasure.tell(anchors)
    sql.run("DELETE FROM supplement_notice")
    notice(2)
    erasure.replay(anchors, actor=WHO, now=now)
    assert sql.value(missing) == "[]"


@pytest.mark.parametrize("cells", [
    erasure.Cells("nowhere", "1", ("name",)), erasure.Cells("resident", "1", ("nothing",)),
    erasure.Cells("resident", "1", ("name",), "nothing"),
])
def test_cells_that_are_nowhere_are_a_fault(cells, database, now):
    with pytest.raises(ValueError, match="no such columns"):
        erase([], now, cells=[cells])


def test_the_second_place_learns_of_erasures_without_betraying_them(database, now, tmp_path):
    write(5, now=now)
    erase([2], now, reason="王秀兰")
    erase([4], now)
    anchors = tmp_path / "anchors.log"
    assert erasure.tell(anchors) == 2
    assert erasure.tell(anchors) == 0
    path = erasure.log_beside(anchors)
    assert [line["seq"] for line in secondplace.lines(path)] == [6, 7]
    assert "王秀兰" not in path.read_text()


def test_a_replay_erases_the_same_entries_and_no_others(database, now, tmp_path):
    write(5, now=now)
    erase([2, 3], now)
    anchors = tmp_path / "anchors.log"
    erasure.tell(anchors)
    assert erasure.replay(anchors, actor=WHO, now=now) == 0
    tamper("UPDATE ledger_detail SET erased_by = NULL, salt = hash, sealed = hash FROM ledger_entry e "
           "WHERE e.seq = ledger_detail.seq AND ledger_detail.seq IN (2, 3)",
           "UPDATE ledger_entry SET hash = prev_hash WHERE seq = 3")
    assert erasure.replay(anchors, actor=WHO, now=now) == 1
    assert sql.value("SELECT erased_by FROM ledger_detail WHERE seq = 3") is None


def test_ranges_and_names_agree():
    numbers = [1, 2, 3, 7, 9, 10]
    text = erasure.ranges(numbers)
    assert text == "1-3,7,9-10"
    assert [n for n in range(12) if erasure.names(text, n)] == numbers
    assert not erasure.names("", 1)
