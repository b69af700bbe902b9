"""A faulty sentence does not stop a command with --skip-bad; without it all of them are named."""

import pytest

from spacy_xproj.io.formats.files import read_docs

GOOD = '{"text": "Asha left", "spans": [[0, 4, "PER"]]}\n'
BAD = '{"text": "Asha left", "spans": [[0, 99, "PER"]]}\n'
LINKS = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links")


@pytest.fixture
def records(tmp_path, monkeypatch):
    """Four records, of which the second and the fourth are faulty, and their translations."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(GOOD + BAD + GOOD + "{broken\n")
    (tmp_path / "one.jsonl").write_text(GOOD + BAD)
    (tmp_path / "sw.txt").write_text("Asha aliondoka\nAsha aliondoka jana\nAsha alienda\nAsha\n")
    (tmp_path / "links").write_text("0-0 1-1\n0-0 1-1 1-2\n0-0\n0-0\n")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "in.jsonl", "out.spacy"),
        ("score", "in.jsonl", "in.jsonl"),
        ("export", "in.jsonl", "out", "--lang", "en"),
        ("project", "in.jsonl", "sw.txt", "out.spacy", *LINKS),
    ],
    ids=lambda arguments: arguments[0],
)
def test_all_faults_are_named_in_one_go(refused, records, arguments):
    message = refused(*arguments)
    assert "XP633" in message
    assert "2 sentences of in.jsonl cannot be read" in message
    assert "in.jsonl:2: span [0, 99)" in message
    assert "in.jsonl:4: not a JSON object" in message
    assert "--skip-bad" in message
    assert not list(records.glob("out*"))


def test_one_fault_is_named_with_the_way_out(refused, records):
    message = refused("convert", "one.jsonl", "out.spacy")
    assert "XP624" in message
    assert "\nOr leave it out, counted and listed: --skip-bad" in message


def test_of_very_many_the_first_are_named(refused, records):
    (records / "many.jsonl").write_text(GOOD + BAD * 50)
    message = refused("convert", "many.jsonl", "out.spacy")
    assert "50 sentences of many.jsonl" in message
    assert message.count("XP624") == 20
    assert "and 30 more" in message


def test_they_are_left_out_counted_and_listed(done, records):
    output = done("convert", "in.jsonl", "out.jsonl", "--skip-bad")
    assert "2 of 4 sentences of in.jsonl left out as faulty:" in output
    assert "in.jsonl:2: span [0, 99)" in output
    assert "wrote 2 sentences with 2 entities" in output
    output = done("score", "in.jsonl", "in.jsonl", "--skip-bad")
    assert "over 2 sentences" in output
    assert "2 documents read" in done("export", "in.jsonl", "made", "--skip-bad", "--lang", "en")


def test_a_pair_goes_with_either_side_and_the_others_keep_their_links(done, records):
    output = done("project", "in.jsonl", "sw.txt", "out.spacy", *LINKS, "--skip-bad")
    assert "2 of 4 sentences of in.jsonl left out as faulty:" in output
    docs = read_docs("out.spacy", lang="sw")
    assert [doc.text for doc in docs] == ["Asha aliondoka", "Asha alienda"]
    assert [[ent.text for ent in doc.ents] for doc in docs] == [["Asha"], ["Asha"]]
    assert [doc._.xproj["en"].row for doc in docs] == [0, 2]


def test_an_input_of_nothing_but_faults_is_refused(refused, records):
    (records / "bad.jsonl").write_text(BAD * 2)
    assert "XP633" in refused("convert", "bad.jsonl", "out.spacy", "--skip-bad")


@pytest.mark.parametrize("bad", ["", BAD])
@pytest.mark.parametrize("command", ["project", "align", "score"])
def test_where_sides_differ_in_length_what_was_rejected_is_named(
    done, refused, records, command, bad
):
    """A record that people rejected has no line on its side any more."""
    rejected = GOOD.replace("]}", '], "answer": "reject"}')
    (records / "s.jsonl").write_text(GOOD + rejected + bad + GOOD)
    lines = 4 if bad else 3
    (records / "t.txt").write_text("Asha aliondoka\n" * lines)
    (records / "t.jsonl").write_text(GOOD * lines)
    (records / "l").write_text("0-0\n" * lines)
    given = {
        "project": ("s.jsonl", "t.txt", "out.spacy", *LINKS[:-1], "l"),
        "align": ("s.jsonl", "t.txt", "out.pharaoh", "--set", "xproj_aligner.aligner.path=l"),
        "score": ("s.jsonl", "t.jsonl"),
    }
    message = refused(command, *given[command], "--skip-bad")
    assert "XP701" in message or "XP802" in message
    assert "1 x a record left out: answer 'reject' (first: s.jsonl:2)" in message
    if command == "score":
        assert f"sentence t.jsonl:{lines} has no partner" in message


@pytest.mark.parametrize("command", ["project", "align", "score"])
def test_sides_of_which_other_records_were_rejected_are_refused(done, refused, records, command):
    """Both are of one length then, and the lines between would belong to others."""
    kept = [f'{{"text": "Asha {i}", "spans": [[0, 4, "PER"]]}}\n' for i in range(3)]
    rejected = [line.replace("]}", '], "answer": "reject"}') for line in kept]
    (records / "s.jsonl").write_text(rejected[0] + kept[1] + kept[2])
    (records / "t.jsonl").write_text(kept[0] + kept[1] + rejected[2])
    (records / "u.jsonl").write_text(rejected[0] + kept[1] + kept[2])
    (records / "l").write_text("0-0 1-1\n" * 2)
    output = {"project": "out.spacy", "align": "out.pharaoh"}.get(command)
    more = {
        "project": (*LINKS[:-1], "l"),
        "align": (),
        "score": (),
    }[command]
    message = refused(command, "s.jsonl", "t.jsonl", *filter(None, [output]), *more)
    assert "XP803" in message
    assert "s.jsonl:1, t.jsonl:3" in message
    done(command, "s.jsonl", "u.jsonl", *filter(None, [output]), *more)
