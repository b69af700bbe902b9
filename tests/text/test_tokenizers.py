"""Docs from a text and character spans: offsets are canonical."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab, doc_from_text, set_entities

ODD = "ab.' \t\n\u00a0\u0301é東ש\u200f\u200d\U0001f469\U0001f52c-"


@pytest.fixture(scope="module")
def tokenize():
    return blank_tokenizer("en", blank_vocab("en"))


@given(text=st.text(ODD, max_size=20), borders=st.sets(st.integers(0, 20), max_size=8))
def test_any_text_and_any_spans_are_kept(tokenize, text, borders):
    inside = sorted(border for border in borders if border <= len(text))
    spans = [(start, end, "X") for start, end in zip(inside[::2], inside[1::2], strict=False)]
    doc = doc_from_text(tokenize, text, spans)
    assert doc.text == text
    assert [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents] == spans


def test_tokens_that_fit_are_left_alone(tokenize):
    doc = doc_from_text(tokenize, "She didn't leave Dodoma.", [(17, 23, "LOC")])
    assert [token.text for token in doc] == [token.text for token in tokenize(doc.text)]
    assert doc[2].norm_ == "not"


def test_set_entities_replaces_and_says_that_the_rest_is_none(tokenize):
    doc = set_entities(tokenize("Dodoma and Rome"), [(0, 1, "LOC")])
    set_entities(doc, [(2, 3, "LOC")])
    assert [ent.text for ent in doc.ents] == ["Rome"]
    assert [token.ent_iob_ for token in doc] == ["O", "O", "B"]
