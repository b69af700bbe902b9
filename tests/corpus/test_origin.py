"""Where the labels of a corpus come from, for cards."""

import json
import re

import pytest
import spacy
from spacy.tokens import Span

from spacy_xproj.corpus.origin import LICENCES, UNKNOWN, licence_of, origin_of
from spacy_xproj.data.access import Views
from spacy_xproj.data.labels import REVIEW
from spacy_xproj.data.provenance import Provenance
from spacy_xproj.data.views import SourceView

NLLB = {"kind": "seq2seq", "model": "facebook/nllb-200-distilled-600M", "revision": "abc"}
VOTE = {"tagger": "voting", "taggers": [{"tagger": "llm", "client": {"model": "own"}}, {"x": 1}]}


@pytest.fixture
def labelled():
    """A document with an entity, and views by language and what these were made with."""
    nlp = spacy.blank("sw")

    def make(**views):
        doc = nlp("Asha aliondoka")
        doc.ents = [Span(doc, 0, 1, "PER")]
        for lang, settings in views.items():
            view = SourceView(lang, ("Asha", "left"), (True, False))
            Views(doc)[lang] = view.replace(provenance=Provenance(settings))
        return doc

    return make


def test_documents_entities_and_parts_are_counted_and_named(labelled):
    docs = [
        labelled(en={"translator": NLLB, "tagger": VOTE}, de={"translator": NLLB}),
        labelled(),
    ]
    origin = origin_of(docs)
    assert (origin.documents, origin.projected, origin.langs) == (2, 1, ["de", "en"])
    assert origin.counts() == (
        "2 documents, 2 entities (PER 2), 1 with labels carried over from de, en"
    )
    assert origin.lines() == [
        "- translator (de, en): facebook/nllb-200-distilled-600M abc; licence: CC BY-NC 4.0",
        f"- tagger (en): own; licence: {UNKNOWN}",
    ]


def test_what_people_have_looked_at_is_said(labelled):
    docs = [labelled(en={"translator": NLLB}), labelled(en={"translator": NLLB})]
    assert origin_of(docs).checked() == "Labels that were carried over were not checked by hand."
    docs[1].user_data[REVIEW] = {"answer": "accept"}
    assert origin_of(docs).checked().startswith("1 of 2 documents with such labels were reviewed")


def test_what_is_not_a_model_is_named_by_its_kind(labelled):
    bitext = {"translator": {"kind": "bitext", "path": "/home/me/pairs.tsv"}}
    (part,) = origin_of([labelled(en=bitext)]).parts
    assert (part.name, part.licence) == ("bitext pairs.tsv", UNKNOWN)


def test_labels_of_their_own(labelled):
    assert origin_of([labelled()]).counts().endswith("(PER 1), labels of their own")
    assert origin_of([]).counts() == "0 documents, 0 entities, labels of their own"


def test_a_pipeline_that_is_here_says_its_licence(tmp_path):
    (tmp_path / "meta.json").write_text(json.dumps({"license": "CC0"}), encoding="utf-8")
    assert licence_of(str(tmp_path)) == "CC0"
    (tmp_path / "meta.json").write_text("[1]", encoding="utf-8")
    assert licence_of(str(tmp_path)) == UNKNOWN


def test_licences_are_those_of_the_how_to(root):
    text = (root / "docs" / "howto.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `([^`|]+)` \| ([^|]+?) \|$", text)
    assert {name.rstrip("*"): licence.partition(":")[0] for name, licence in rows} == LICENCES
