"""Projection on real sentences with links that are known to be right."""

from functools import partial

import pytest

from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import SourceView
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.projection import AlignScore, Heuristic, Matching, Ngrams
from tests.fixtures.one_pair import project

pytestmark = pytest.mark.shared
paper = partial(Matching, score=AlignScore())


@pytest.mark.parametrize(
    "make",
    [
        partial(paper, candidates=Ngrams(max_length=50)),
        partial(paper, candidates=Ngrams(max_length=50, window="sentence")),
        Heuristic,
        partial(Heuristic, thr=0.8),
    ],
)
def test_sentences_projected_onto_themselves_keep_their_gold_entities(shared_data, make):
    projector = make()
    n = 0
    for doc in read_docs(shared_data / "europarl-ner" / "de-europarl.test.conll02", lang="de"):
        links = Links((i, i) for i in range(len(doc)))
        view = SourceView.from_doc(doc).replace(links=links)
        projections = project(projector, view, Sentence.from_doc(doc))
        assert {p.status for p in projections} <= {Status.PROJECTED}
        found = [(p.start_char, p.end_char, p.label) for p in projections]
        assert found == [(e.start_char, e.end_char, e.label_) for e in doc.ents]
        n += len(found)
    assert n == 693


def test_ten_words_cover_99_percent_of_the_entities(shared_data):
    lengths = [
        len(ent)
        for lang in ("en", "de", "es", "it")
        for doc in read_docs(
            shared_data / "europarl-ner" / f"{lang}-europarl.test.conll02", lang=lang
        )
        for ent in doc.ents
    ]
    assert sum(length <= 10 for length in lengths) >= 0.99 * len(lengths)
