"""What was named and is not there goes where its document goes."""

import spacy
from spacy.tokens import DocBin

from spacy_xproj.data.unplaced import KEY, LONGEST, Unplaced, keep_unplaced, unplaced

LOST = Unplaced("Dodoma", "LOC", "not in the sentence")


def test_it_is_kept_by_language_and_survives_a_file():
    doc = spacy.blank("sw")("Habari")
    keep_unplaced(doc, "en", [LOST])
    keep_unplaced(doc, "de", [LOST._replace(text="x" * 5000)])
    (copy,) = DocBin(store_user_data=True, docs=[doc]).get_docs(doc.vocab)
    assert list(unplaced(copy)) == [("en", LOST), ("de", LOST._replace(text="x" * LONGEST))]


def test_what_is_kept_anew_takes_the_place_of_what_was():
    doc = spacy.blank("sw")("Habari")
    keep_unplaced(doc, "en", [LOST])
    keep_unplaced(doc, "en", [])
    assert KEY not in doc.user_data
    assert list(unplaced(doc)) == []
