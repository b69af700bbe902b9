"""Target documents with the view of a labelled source sentence: translate-train."""

import pytest
import spacy
from spacy.tokens import Doc, Span

from spacy_xproj.corpus.pairing import pair
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError


@pytest.fixture
def corpus():
    """Three English sentences, two with an entity, and their translations."""
    vocab = spacy.blank("en").vocab
    sources = [
        Doc(vocab, ["Asha", "left"], ents=["B-PER", "O"]),
        Doc(vocab, ["It", "rained"]),
        Doc(vocab, ["in", "Dodoma"], [True, False], ents=["O", "B-LOC"]),
    ]
    vocab = spacy.blank("sw").vocab
    targets = [Doc(vocab, words) for words in (["Asha", "aliondoka"], ["Mvua"], ["Dodoma"])]
    return sources, targets


def test_each_target_gets_the_view_of_its_source(corpus):
    sources, targets = corpus
    docs = pair(sources, targets, source_lang="en", names=("en.conll", "sw.conll"))
    assert docs == targets
    views = [doc._.xproj["en"] for doc in docs]
    assert [view.words for view in views] == [("Asha", "left"), ("It", "rained"), ("in", "Dodoma")]
    assert [[e.label for e in view.entities] for view in views] == [["PER"], [], ["LOC"]]
    assert [view.row for view in views] == [0, 1, 2]
    assert views[2].text == "in Dodoma"


def test_labels_that_the_targets_had_are_cleared(corpus):
    sources, targets = corpus
    targets[0].set_ents([Span(targets[0], 0, 2, label="WRONG")])
    docs = pair(sources, targets, source_lang="en", names=("a", "b"))
    assert [doc.ents for doc in docs] == [(), (), ()]
    assert not any(doc.has_annotation("ENT_IOB") for doc in docs)


def test_sides_of_different_length_are_refused_by_name(corpus):
    sources, targets = corpus
    with pytest.raises(XProjError, match=r"XP802.*en\.conll has 3 sentences, sw\.conll has 2"):
        pair(sources, targets[:2], source_lang="en", names=("en.conll", "sw.conll"))


def test_gold_entities_are_projected(corpus, tiny_encoder):
    """translate-train: aligner and projector alone, over gold views."""
    encoder = {
        "@xproj_encoders": "spacy-xproj.HFEncoder.v1",
        "name": str(tiny_encoder),
        "layers": [0],
    }
    nlp = spacy.blank("sw")
    nlp.add_pipe(
        "xproj_aligner",
        config={"aligner": {"@xproj_aligners": "spacy-xproj.SimAlign.v1", "encoder": encoder}},
    )
    nlp.add_pipe("xproj_projector")
    docs = list(nlp.pipe(pair(*corpus, source_lang="en", names=("a", "b"))))
    found = [[(e.text, e.label_) for e in doc.ents] for doc in docs]
    assert found == [[("Asha", "PER")], [], [("Dodoma", "LOC")]]


def test_the_gold_tagger_keeps_them_where_a_pipeline_has_a_source_ner(corpus):
    nlp = spacy.blank("sw")
    nlp.add_pipe(
        "xproj_source_ner", config={"tagger": {"@xproj_taggers": "spacy-xproj.GoldTagger.v1"}}
    )
    docs = list(nlp.pipe(pair(*corpus, source_lang="en", names=("a", "b"))))
    assert [len(doc._.xproj["en"].entities) for doc in docs] == [1, 0, 1]
    # A view without gold entities is not one without entities.
    doc = Doc(nlp.vocab, ["Asha"])
    doc._.xproj["en"] = SourceView("en", ("Asha",), (False,))
    with pytest.raises(XProjError, match="XP304"):
        nlp(doc)


def test_an_empty_source_says_nothing_of_a_target_that_is_not(corpus):
    sources, targets = corpus
    sources[1] = Doc(sources[0].vocab)
    docs = pair(sources, targets, source_lang="en", names=("a", "b"))
    assert [str(doc._.xproj["en"].status) for doc in docs] == ["ok", "no_translation", "ok"]
    assert docs[1]._.xproj["en"].reason == (
        "the source sentence is empty, and the target sentence is not"
    )
