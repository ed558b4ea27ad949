"""From entries and rows to changes: pure."""
from backend.sync.rules import merging, window
from backend.sync.rules.merging import Entry, Row


def entry(seq, kind, subject, action="errand.accept"):
    return Entry(seq, kind, subject, action, 1000 + seq)


def row(kind, subject, parent="", *, seen=True, kept=True):
    return Row(kind, subject, 1, seen, kept, parent, "[]")


def told(entries, rows):
    return [(change.seq, change.type, change.id, change.op) for change in merging.changes(entries, rows)]


def test_several_changes_of_one_row_come_once_at_the_last():
    entries = [entry(1, "errand", "a"), entry(2, "errand", "b"), entry(3, "errand", "a")]
    rows = [row("errand", "a", "r"), row("errand", "b", "r"), row("resident", "r")]
    assert told(entries, rows) == [(2, "errand", "b", "put"), (3, "resident", "r", "put"), (3, "errand", "a", "put")]


def test_what_is_gone_out_of_the_window_or_out_of_scope_is_told_at_its_own_entry():
    """A page that begins behind that entry, at her resident's, no longer knows of it."""
    entries = [entry(1, "visit", "v"), entry(2, "errand", "e"), entry(3, "errand", "x"), entry(9, "resident", "r")]
    rows = [
        row("visit", "v", "r", seen=False), row("errand", "e", "r", kept=False), row("resident", "r", seen=False),
    ]
    assert told(entries, rows) == [
        (1, "visit", "v", "revoke"), (2, "errand", "e", "delete"), (3, "errand", "x", "delete"),
    ]


def test_nobody_is_told_of_a_resident_or_file_that_is_not_his():
    entries = [entry(1, "resident", "r"), entry(2, "resident", "gone"), entry(3, "file", "f")]
    assert told(entries, [row("resident", "r", seen=False), row("file", "f", seen=False)]) == []


def test_an_old_errand_of_a_paper_register_was_never_held_and_is_not_deleted():
    imported = [entry(1, "errand", "e", merging.IMPORTED)]
    assert told(imported, [row("errand", "e", "r", kept=False)]) == []
    assert told([*imported, entry(2, "errand", "e")], [row("errand", "e", "r", kept=False)]) == [
        (2, "errand", "e", "delete")
    ]


def test_notes_are_told_at_their_own_entry_and_all_of_them_when_an_errand_comes_back():
    entries = [entry(1, "errand", "e", merging.NOTED), entry(5, "errand", "e")]
    assert merging.touched(entries) == {("errand", "e"): 1001}
    note = row("note", "n", "e")._replace(made=1001)
    rows = [row("errand", "e", "r"), note, row("resident", "r")]
    assert told(entries, rows)[0] == (1, "note", "n", "put")
    assert merging.touched([*entries, entry(7, "errand", "e", merging.RETURNED)]) == {("errand", "e"): 0}


def test_two_notes_of_an_errand_are_told_each_at_its_own_entry():
    """A page that ends between them begins behind the first: told at the second, the first would be lost."""
    entries = [entry(1, "errand", "e", merging.REGISTERED), entry(5, "errand", "e", merging.NOTED)]
    notes = [row("note", name, "e")._replace(made=at) for name, at in (("a", 1001), ("b", 1005))]
    rows = [row("errand", "e", "r"), *notes]
    assert [each[:3] for each in told(entries, rows) if each[1] == "note"] == [(1, "note", "a"), (5, "note", "b")]


def test_a_page_goes_on_within_an_entry():
    entries = [entry(4, "resident", "r")]
    rows = [row("resident", "r"), row("errand", "a", "r"), row("errand", "b", "r")]
    found = merging.changes(entries, rows)
    rest = merging.after(found, 3, found[1][1:3])
    assert [change.id for change in rest] == ["b"] and merging.after(found, 3, None) == found


def test_the_longest_window_within_the_budget_is_kept():
    assert window.fitting([10, 8, 6, 4], 10) == 90
    assert window.fitting([10, 8, 6, 4], 7) == 7
    assert window.fitting([10, 8, 6, 4], 3) == 0
    states = [window.budget(rows, 10, 90)["state"] for rows in (7, 8, 10, 11)]
    assert states == ["ok", "near", "near", "over"]
