"""What readers leave out: counted by kind, with the first places."""

from spacy_xproj.io.notes import collected, note, tell


def test_each_kind_is_counted_with_its_first_places():
    with collected() as notes:
        for line in (2, 2, 5, 6, 9):
            note("a record left out", f"a.jsonl:{line}")
        note("a blank trimmed", "b.jsonl:1", n=4)
        tell("read in another way")
    assert notes.lines() == [
        "read in another way",
        "5 x a record left out (first: a.jsonl:2, a.jsonl:5, a.jsonl:6)",
        "4 x a blank trimmed (first: b.jsonl:1)",
    ]


def test_notes_that_are_handed_on_are_the_same():
    with collected() as outer:
        with collected() as inner:
            for line in (2, 2, 5, 6, 9):
                note("a record left out", f"a.jsonl:{line}")
        assert outer.lines() == []
        inner.hand_on()
    assert outer.lines() == inner.lines()
