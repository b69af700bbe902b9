"""Spans that overlap, nest and are in pieces: projected, scored, and learnt from."""

import pytest
import spacy
from spacy.cli.debug_config import debug_config
from spacy.cli.train import train
from spacy.tokens import Doc

from spacy_xproj.data.span_groups import Shape, read_group, write_group
from spacy_xproj.io.formats.docbin import read_docbin, write_docbin

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
    assert "XP527" in refused(*project, "out.jsonl", *links, "sc")
    assert "XP526" in refused(*project, "out.spacy", *links, "other")
    assert not (sentences / "out.spacy").exists()


def test_a_student_learns_from_them(done, sentences, root):
    done(
        *("project", "en.spacy", "sw.spacy", "out.spacy", *LANGS),
        *("--alignments", "links", "--spans-key", "sc"),
    )
    config = root / "configs" / "spancat_cpu.cfg"
    paths = {"paths.train": "out.spacy", "paths.dev": "out.spacy", "nlp.lang": "sw"}
    debug_config(config, overrides=paths)
    small = {"training.max_steps": 60, "training.eval_frequency": 60}
    train(config, sentences / "student", overrides={**paths, **small})
    nlp = spacy.load(sentences / "student" / "model-last")
    (doc,) = (nlp(doc) for doc in list(read_docbin("out.spacy", lang="sw"))[:1])
    assert (3, 4, "LOC") in [(s.start, s.end, s.label_) for s in doc.spans["sc"]]
