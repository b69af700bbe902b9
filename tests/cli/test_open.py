"""Labelled, open and without entities are three things in every command."""

import pytest
import spacy
from spacy.tokens import DocBin, Span

from spacy_xproj.data.labels import is_labelled, open_words
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.formats.not_text import RAW_TEXT
from spacy_xproj.io.records import read_json

LINKS = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "ana.pharaoh")


@pytest.fixture
def partial(folder):
    """Of "Ana Bok lives in Oslo ." it is known that "Ana Bok" is a person, and no more."""
    nlp = spacy.blank("en")
    gold, pred = nlp("Ana Bok lives in Oslo ."), nlp("Ana Bok lives in Oslo .")
    gold.set_ents([Span(gold, 0, 2, "PER")], default="missing")
    pred.set_ents([Span(pred, 0, 2, "PER"), Span(pred, 4, 5, "LOC")])
    DocBin(docs=[gold]).to_disk("partial.spacy")
    DocBin(docs=[pred]).to_disk("pred.spacy")
    (folder / "ana.txt").write_text("Ana Bok bor i Oslo .\n", encoding="utf-8")
    (folder / "ana.pharaoh").write_text("0-0 1-1 2-2 3-3 4-4 5-5\n", encoding="utf-8")
    return "partial.spacy"


@pytest.mark.parametrize("suffix", ["iob2", "jsonl", "json", "conll.gz"])
def test_open_words_are_refused_or_left_out_where_they_would_read_as_outside(
    done, refused, folder, partial, suffix
):
    assert "XP666" in refused("convert", partial, f"o.{suffix}")
    assert "partial.spacy:1" in refused("convert", partial, f"o.{suffix}")
    assert not (folder / f"o.{suffix}").exists()
    output = done("convert", partial, f"o.{suffix}", "--skip-open")
    assert "1 sentences left out, not labelled, or not wholly: partial.spacy:1" in output


@pytest.mark.parametrize("suffix", ["spacy", "parquet"])
def test_open_words_stay_open_there_and_back(done, partial, suffix):
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="needs the extra [hf]")
    done("convert", partial, f"o.{suffix}")
    done("convert", f"o.{suffix}", "back.spacy")
    assert open_words(read_docs("back.spacy", lang="en")[0]) == [2, 3, 4, 5]


def test_predictions_on_open_words_are_not_counted(done, partial):
    output = done("score", partial, "pred.spacy")
    assert "all        1.000   1.000  1.000     1          1        1" in output
    assert "4 words that partial.spacy leaves open are not scored" in output


def test_what_is_linked_to_open_words_stays_open(done, partial):
    output = done("project", partial, "ana.txt", "o.spacy", *LINKS)
    assert "1 sentences are left open" in output
    (doc,) = read_docs("o.spacy", lang="sw")
    assert ([ent.text for ent in doc.ents], open_words(doc)) == (["Ana Bok"], [2, 3, 4, 5])


@pytest.fixture
def mixed(folder):
    """Two records, of which the first has its labels under a key that is not read."""
    text = "Ana Bok lives in Oslo ."
    rows = [
        f'{{"text": "{text}", "marks": [[0, 7, "PER"]]}}',
        f'{{"text": "{text}", "spans": [[0, 7, "PER"]]}}',
    ]
    (folder / "mixed.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (folder / "ana.txt").write_text("Ana Bok bor i Oslo .\n" * 2, encoding="utf-8")
    (folder / "ana.pharaoh").write_text("0-0 1-1 2-2 3-3 4-4 5-5\n" * 2, encoding="utf-8")
    return "mixed.jsonl"


def test_a_record_without_labels_is_named_and_not_written_as_outside(done, refused, mixed):
    assert "mixed.jsonl:1" in refused("convert", mixed, "o.iob2", "--lang", "en")
    output = done("convert", mixed, "o.iob2", "--lang", "en", "--skip-open")
    assert "1 of 2 sentences of mixed.jsonl are not labelled (mixed.jsonl:1: its keys" in output
    assert "'text', 'marks'" in output
    assert "wrote 1 sentences with 1 entities" in output
    done("convert", mixed, "o.jsonl", "--lang", "en")
    assert [is_labelled(doc) for doc in read_docs("o.jsonl", lang="en")] == [False, True]


def test_the_target_of_a_record_without_labels_is_not_labelled(done, folder, mixed):
    output = done("project", mixed, "ana.txt", "o.iob2", *LINKS)
    assert "mixed.jsonl:1" in output
    assert "1 sentences dropped (no-labels 1); rows, counted from 0: 0" in output
    assert (folder / "o.iob2").read_text(encoding="utf-8").count("B-PER") == 1
    done("project", mixed, "ana.txt", "o.spacy", *LINKS)
    assert [is_labelled(doc) for doc in read_docs("o.spacy", lang="sw")] == [False, True]


def test_a_record_without_labels_is_not_gold(done, mixed):
    done("convert", mixed, "gold.spacy", "--lang", "en")
    output = done("score", "gold.spacy", "gold.spacy")
    assert "gold.spacy:1" in output
    assert "these are not scored" in output
    assert "over 1 sentences" in output


STATES = {  # gold, prediction
    "both": ('"spans": [[0, 3, "PER"]]', '"spans": [[0, 3, "PER"]]'),
    "neither": ('"a": 1', '"a": 1'),
    "gold only": ('"spans": []', '"a": 1'),
    "prediction only": ('"a": 1', '"spans": [[0, 3, "PER"]]'),
}


@pytest.mark.parametrize("other", ["neither", "gold only", "prediction only"])
@pytest.mark.parametrize("key", [(), ("--spans-key", "sc")])
def test_a_sentence_is_said_to_be_scored_or_not_and_never_both(done, folder, other, key):
    for side, name in enumerate(("gold.jsonl", "pred.jsonl")):
        rows = [f'{{"text": "Ana left", {STATES[kind][side]}}}\n' for kind in ("both", other)]
        (folder / name).write_text("".join(rows), encoding="utf-8")
    output = done("score", "gold.jsonl", "pred.jsonl", *key, "--json", "scores.json")
    scored = STATES[other][0] == '"spans": []'
    assert ("gold.jsonl are not labelled (gold.jsonl:2: " in output) != scored
    assert ("these are not scored" in output) != scored
    assert ("pred.jsonl are not labelled (pred.jsonl:2: " in output) == scored
    assert ("these count as without entities" in output) == scored
    n = 1 + scored
    assert f"{n} sentences, {n - 1} of them without entities in gold.jsonl" in output
    assert read_json("scores.json")["overall"]["f1"] == 1.0


def test_words_that_the_prediction_leaves_open_are_told(done, partial):
    output = done("score", "pred.spacy", partial)
    assert "4 words that partial.spacy leaves open count as outside of entities" in output


def test_the_three_states_are_told_apart_where_they_are_counted(done, folder, partial):
    rows = ['"a": 1', '"spans": []', '"spans": []', '"spans": [[0, 3, "PER"]]']
    text = "".join(f'{{"text": "Ana left", {row}}}\n' for row in rows)
    (folder / "states.jsonl").write_text(text, encoding="utf-8")
    output = done("convert", "states.jsonl", "o.spacy")
    assert "wrote 4 sentences with 1 entities" in output
    assert "of these 1 not labelled, 2 without entities" in output
    assert "of these 1 with open words" in done("convert", partial, "o.spacy")
    assert "of these" not in done("convert", "pred.spacy", "o.iob2")


def test_labels_in_span_groups_only_are_no_labels(refused, folder):
    doc = spacy.blank("en")("Ana left")
    doc.spans["sc"] = [Span(doc, 0, 1, "PER")]
    DocBin(docs=[doc]).to_disk("spans.spacy")
    assert "doc.spans only: sc" in refused("score", "spans.spacy", "spans.spacy")
    assert "XP666" in refused("convert", "spans.spacy", "o.iob2")


def test_the_bound_of_what_is_unpacked_is_an_option(done, refused, folder, monkeypatch):
    import gzip

    from spacy_xproj.io.limits import VARIABLE

    monkeypatch.setenv(VARIABLE, "1G")  # put back after the test
    (folder / "a.conll.gz").write_bytes(gzip.compress(b"word\tO\n" * 9999))
    assert "XP693" in refused("--max-unpacked", "1K", "convert", "a.conll.gz", "o.spacy")
    done("--max-unpacked", "1M", "convert", "a.conll.gz", "o.spacy")


def test_what_looks_like_labels_may_be_said_to_be_raw_text(done, refused, folder, monkeypatch):
    monkeypatch.setenv(RAW_TEXT, "")  # which is put back
    (folder / "a.txt").write_text("[Ana](PER) left.\n" * 3, encoding="utf-8")
    assert "--raw-text" in refused("convert", "a.txt", "o.spacy")
    assert "wrote 3 sentences" in done("--raw-text", "convert", "a.txt", "o.spacy")


def test_a_format_of_ones_own_is_known_to_every_command(done, folder):
    (folder / "own.py").write_text(
        "from spacy_xproj.io.formats.base import Format\n"
        "from spacy_xproj.io.lines import write_lines\n"
        "from spacy_xproj.registry import registry\n"
        '@registry.xproj_formats("own.Names.v1")\n'
        "class Names(Format):\n"
        '    name, suffixes, written = "names", (".names",), (".names",)\n'
        "    def write(self, docs, path):\n"
        '        write_lines(path, ["; ".join(e.text for e in doc.ents) for doc in docs])\n',
        encoding="utf-8",
    )
    try:
        done("--code", "own.py", "convert", "en.conll", "o.names")
        assert (folder / "o.names").read_text(encoding="utf-8").startswith("Asha")
    finally:
        from catalogue import REGISTRY

        REGISTRY.pop(("spacy", "xproj_formats", "own.Names.v1"), None)
