"""Characters where a script has no blanks, words elsewhere."""

import pickle

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from spacy_xproj.text.char_tokenizer import CharTokenizer
from spacy_xproj.text.scripts import clusters
from spacy_xproj.text.segmentation import GENERAL_RULES, UNSPACED
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab, doc_from_text

TOKENIZER = "spacy-xproj.CharTokenizer.v1"


@pytest.fixture(scope="module")
def tokenizer():
    return CharTokenizer(Vocab())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("黑豹队只丢了 308分，在(NFL)。", "黑 豹 队 只 丢 了 308 分 ， 在 ( NFL ) 。"),
        ("東京タワーとＪＲ", "東 京 タ ワ ー と ＪＲ"),
        ("ปี 1975 ที่กรุงเทพ", "ปี 1975 ที่ ก รุ ง เ ท พ"),
        ("น้ำ", "น้ำ"),  # tone mark and AM stay with their letter
        ("မြန်မာ ၂၀၂၆", "မြ န် မာ ၂၀၂၆"),
        ("မန္တလေး", "မ န္တ လေး"),  # a stack is one character
        ("ភ្នំពេញ", "ភ្នំ ពេ ញ"),
        ("Rais Samia, Dodoma.", "Rais Samia , Dodoma ."),
        ("서울에서 Đà Nẵng", "서울에서 Đà Nẵng"),
    ],
)
def test_tokens(tokenizer, text, tokens):
    assert [token.text for token in tokenizer(text)] == tokens.split()


@given(st.text("aé\u0301 ,.(3東京ー\u3099ตำ\u0e33น้ แမ္တက ก្ន\u200d\n", max_size=25))
@settings(max_examples=200)
def test_no_text_is_lost_and_no_mark_is_torn_off(tokenizer, text):
    assert tokenizer(text).text == text
    assert "".join(clusters(text)) == text


@given(st.data())
@settings(max_examples=50)
def test_any_span_of_unspaced_text_can_be_hit_without_a_cut(tokenizer, data):
    text = data.draw(st.text("東京タワー大阪", min_size=1, max_size=12))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    doc = doc_from_text(tokenizer, text, [(start, end, "LOC")])
    assert len(doc) == len(text)
    assert (doc.ents[0].start, doc.ents[0].end) == (start, end)


@pytest.mark.parametrize("lang", sorted(UNSPACED | GENERAL_RULES))
def test_no_language_needs_a_package(lang):
    """spaCy's own tokenizers of some of these need packages; with them, tokens would differ."""
    doc = blank_tokenizer(lang, blank_vocab(lang))("東京 Dodoma.")
    assert [token.text for token in doc] == ["東", "京", "Dodoma", "."]
    assert doc.vocab.lang == lang


def test_it_is_a_tokenizer_of_a_pipeline(tmp_path):
    nlp = spacy.blank("th", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.to_disk(tmp_path / "th")
    for same in (spacy.load(tmp_path / "th"), pickle.loads(pickle.dumps(nlp))):
        assert [token.text for token in same("ปี 1975")] == ["ปี", "1975"]
