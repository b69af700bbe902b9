"""Spans that overlap, nest and are in pieces: projected, scored, and learnt from."""

import json

import pytest
import spacy
from spacy.cli.debug_config import debug_config
from spacy.cli.train import train
from spacy.tokens import Doc

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.data.span_groups import Shape, read_group, write_group
from spacy_xproj.io.formats.docbin import read_docbin, write_docbin
from spacy_xproj.io.formats.files import read_docs

SHAPES = [Shape(0, 4, "ORG"), Shape(0, 4, "WORK", ((0, 1), (3, 4))), Shape(3, 4, "LOC")]
LANGS = ("--source-lang", "en", "--target-lang", "sw")
WORDS = "University of great Dodoma opened"


@pytest.fixture
def sentences(tmp_path, monkeypatch):
    """Sentences with spans of each shape, their translations word by word, and the links."""
    monkeypatch.chdir(tmp_path)
    vocab = spacy.blank("en").vocab
    docs = [Doc(vocab, words=[*WORDS.split(), str(i)]) for i in range(8)]
    for doc in docs:
        write_group(doc, "sc", SHAPES)
    write_docbin(docs, "en.spacy")
    targets = [
        Doc(vocab, words=["Chuo", "cha", "kubwa", "Dodoma", "kilifunguliwa", str(i)])
        for i in range(8)
    ]
    write_docbin(targets, "sw.spacy")
    (tmp_path / "links").write_text("0-0 1-1 2-2 3-3 4-4 5-5\n" * 8)
    return tmp_path


def test_spans_of_every_shape_go_over_and_are_scored(done, sentences):
    project = ("project", "en.spacy", "sw.spacy", "out.spacy", *LANGS, "--alignments", "links")
    output = done(*project, "--spans-key", "sc")
    assert "8 sentences, 24 source entities" in output
    docs = list(read_docbin("out.spacy", lang="sw"))
    assert [read_group(doc, "sc") for doc in docs] == [sorted(SHAPES)] * 8
    assert not docs[0].has_annotation("ENT_IOB")
    view = docs[0]._.xproj["en"]
    assert view.provenance["projector"]["exclusive"] == "label"
    assert [p.pieces for p in view.projections] == [e.pieces for e in view.entities]
    assert "24" in done("score", "out.spacy", "out.spacy", "--spans-key", "sc")


def test_without_the_group_or_a_format_that_holds_it_nothing_starts(refused, sentences):
    project = ("project", "en.spacy", "sw.spacy")
    links = (*LANGS, "--alignments", "links", "--spans-key")
    assert "XP527" in refused(*project, "out.iob2", *links, "sc")
    assert "XP526" in refused(*project, "out.spacy", *links, "other")
    assert not (sentences / "out.spacy").exists()


def groups(path):
    return [read_group(doc, "sc") for doc in read_docs(path, lang="en", spans_key="sc")]


OVERLAP = [
    {"start": 0, "end": 26, "label": "ORG"},
    {"start": 0, "end": 26, "label": "WORK", "pieces": [[0, 10], [20, 26]]},
    {"start": 20, "end": 26, "label": "LOC"},
]
FLAT = [{"start": 20, "end": 26, "label": "LOC"}]


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A record whose spans overlap and are in pieces, one with plain ones, one without."""
    monkeypatch.chdir(tmp_path)
    rows = [{"text": WORDS, "spans": OVERLAP}, {"text": WORDS, "spans": FLAT}, {"text": WORDS}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_what_doc_ents_cannot_hold_is_read_into_a_group_where_the_output_holds_one(
    done, refused, records
):
    output = done("convert", "in.jsonl", "out.spacy", "--lang", "en")
    assert "read into doc.spans['sc']; into another group: --spans-key KEY" in output
    assert "wrote 3 sentences with 4 entities" in output
    assert groups("out.spacy") == [sorted(SHAPES), [Shape(3, 4, "LOC")], []]
    docs = read_docs("out.spacy", lang="en")
    assert [is_labelled(doc, "sc") for doc in docs] == [True, True, False]
    assert not any(is_labelled(doc) for doc in docs)
    assert "--spans-key sc" in refused("convert", "in.jsonl", "out.iob2", "--lang", "en")
    assert "XP626" in refused("score", "in.jsonl", "in.jsonl", "--lang", "en")
    output = done("score", "in.jsonl", "out.spacy", "--lang", "en", "--spans-key", "sc")
    assert "1 of 3 sentences of in.jsonl are not labelled (in.jsonl:3: " in output
    assert "these are not scored" in output
    assert "these count as" not in output
    assert "2 sentences, 0 of them without entities in in.jsonl" in output


@pytest.mark.parametrize("suffix", ["json", "parquet"])
def test_a_format_that_cannot_hold_pieces_refuses_or_leaves_out(done, refused, records, suffix):
    message = refused("convert", "in.jsonl", f"out.{suffix}", "--lang", "en")
    assert "XP528" in message
    assert "in.jsonl:1" in message
    output = done("convert", "in.jsonl", f"out.{suffix}", "--lang", "en", "--skip-open")
    assert "1 sentences left out, not labelled, or with spans in pieces: in.jsonl:1" in output
    assert groups(f"out.{suffix}") == [[Shape(3, 4, "LOC")], []]


def test_entities_of_any_format_go_to_the_group_that_is_named(done, records):
    (records / "a.iob2").write_text("Ana\tB-PER\nleft\tO\n\n")
    done("convert", "a.iob2", "a.spacy", "--spans-key", "mine")
    (doc,) = read_docs("a.spacy", lang="en")
    assert (read_group(doc, "mine"), is_labelled(doc)) == ([Shape(0, 1, "PER")], False)
    output = done("convert", "a.spacy", "a.jsonl")
    assert "'mine' 1" in output


def test_spans_are_exported(done, refused, records):
    done("convert", "in.jsonl", "out.spacy", "--lang", "en")
    export = ("export", "out.spacy", "made", "--spans-key", "sc", "--format")
    assert "XP528" in refused(*export, "jsonl,json")
    assert "XP530" in refused(*export, "jsonl", "--min-confidence", ".5")
    output = done(*export, "jsonl,spacy")
    assert "3 documents read, 2 kept" in output
    assert groups("made/train.jsonl") == [sorted(SHAPES), [Shape(3, 4, "LOC")]]


def test_the_target_of_a_source_without_the_group_is_not_labelled(done, records):
    (records / "sw.txt").write_text("Chuo cha kubwa Dodoma kilifunguliwa\n" * 3)
    (records / "links").write_text("0-0 1-1 2-2 3-3 4-4\n" * 3)
    links = (*LANGS, "--alignments", "links", "--spans-key", "sc")
    output = done("project", "in.jsonl", "sw.txt", "out.jsonl", *links)
    assert "in.jsonl:3" in output
    docs = read_docs("out.jsonl", lang="sw", spans_key="sc")
    assert [is_labelled(doc, "sc") for doc in docs] == [True, True, False]
    assert [read_group(doc, "sc") for doc in docs[:2]] == groups("in.jsonl")[:2]


def test_a_student_learns_from_them(done, sentences, root):
    done(
        *("project", "en.spacy", "sw.spacy", "out.spacy", *LANGS),
        *("--alignments", "links", "--spans-key", "sc"),
    )
    config = root / "spacy_xproj" / "configs" / "spancat_cpu.cfg"
    paths = {"paths.train": "out.spacy", "paths.dev": "out.spacy", "nlp.lang": "sw"}
    debug_config(config, overrides=paths)
    small = {"training.max_steps": 60, "training.eval_frequency": 60}
    train(config, sentences / "student", overrides={**paths, **small})
    nlp = spacy.load(sentences / "student" / "model-last")
    (doc,) = (nlp(doc) for doc in list(read_docbin("out.spacy", lang="sw"))[:1])
    assert (3, 4, "LOC") in [(s.start, s.end, s.label_) for s in doc.spans["sc"]]
