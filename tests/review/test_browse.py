"""The page to look through a corpus: what is packed into it, escaped, in which order."""

import base64
import hashlib
import json
import re
import zlib

import pytest
from spacy.tokens import Doc, Span

from spacy_xproj.data.ensembled import Merged, Outcome, Outvoted, store
from spacy_xproj.data.provenance import Provenance
from spacy_xproj.data.status import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.review.browse import BLOCK, write_browser


class Browser:
    """A page, read as its script reads it."""

    def __init__(self, html):
        self.html = html
        raw = re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1]
        self.data = json.loads(raw)
        blocks = [zlib.decompress(base64.b64decode(block)) for block in self.data["blocks"]]
        self.sentences = [one for block in blocks for one in json.loads(block)]

    def options(self, name):
        """What a filter offers, in order of the numbers that the data use."""
        own = re.search(rf'<select name="{name}".*?</select>', self.html)[0]
        return re.findall(r'<option value="\d+">([^<]*)</option>', own)

    def titles(self):
        return [re.search(r"<h3[^>]*>([^<]*)</h3>", one)[1] for one in self.sentences]


@pytest.fixture
def browse(tmp_path):
    def browse(docs, **settings):
        path = tmp_path / "view.html"
        names = [f"Sentence {i}" for i in range(1, len(docs) + 1)]
        write_browser(path, docs, **{"title": "corpus", "names": names} | settings)
        return Browser(path.read_text(encoding="utf-8"))

    return browse


@pytest.fixture
def scored(make_doc):
    """A document whose entity was projected with a score."""

    def scored(score, label="PER"):
        return make_doc(
            "Asha aliondoka",
            "Asha left",
            entities=[(0, 1, label)],
            links=[(0, 0, 1.0)],
            projections=[(0, label, "projected", 0, 1, score)],
        )

    return scored


def test_each_sentence_is_drawn_with_both_sides(browse, scored):
    page = browse([scored(0.5)])
    (sentence,) = page.sentences
    assert "<svg" in sentence
    assert ">aliondoka</text>" in sentence
    assert ">left</text>" in sentence
    assert page.data["texts"] == ["asha aliondoka \nasha left "]


def test_labelled_open_and_without_entities_look_different(browse, make_doc):
    docs = [make_doc("Asha aliondoka", "Asha left", links=[], projections=[]) for _ in range(4)]
    asha = Span(docs[0], 0, 1, "PER")
    docs[0].set_ents([asha])
    docs[1].set_ents([])
    docs[2].set_ents([], default="missing")
    docs[3].set_ents([Span(docs[3], 0, 1, "PER")], default="missing")
    states = [
        re.findall(r'<p class="note" dir="auto">([^<]*)</p>', s) for s in browse(docs).sentences
    ]
    assert states == [[], ["without entities"], ["not labelled"], ["open words: aliondoka"]]


def test_filters_name_labels_and_statuses(browse, scored, make_doc):
    missed = make_doc(
        "Asha",
        "x",
        entities=[(0, 1, "LOC")],
        links=[],
        projections=[(0, "LOC", "unaligned", None, None, None, "no link")],
    )
    page = browse([scored(0.5), missed])
    assert page.options("label") == ["LOC", "PER"]
    assert page.options("status") == ["projected (1)", "unaligned (1)"]
    assert page.data["labels"] == [[1], [0]]
    assert page.data["statuses"] == [[0], [1]]


def test_the_least_sure_come_first(browse, scored):
    docs = [scored(0.9), scored(0.3), scored(0.6)]
    assert browse(docs).titles() == ["Sentence 1", "Sentence 2", "Sentence 3"]
    assert browse(docs, sort="score").titles() == ["Sentence 2", "Sentence 3", "Sentence 1"]
    assert browse(docs, sort="score", limit=1).titles() == ["Sentence 2"]
    with pytest.raises(XProjError, match=r"XP150.*no order 'mood'; known: margin, score, status"):
        browse(docs, sort="mood")


def test_many_sentences_are_packed_in_blocks(browse, scored):
    page = browse([scored(0.5)] * (2 * BLOCK + 1))
    assert len(page.data["blocks"]) == 3
    assert len(page.sentences) == 2 * BLOCK + 1
    assert "<svg" not in page.html


def test_text_is_escaped_everywhere(browse, make_doc):
    evil = "</script><script>alert(1)</script><b>'\"&"
    doc = make_doc(evil, evil, entities=[(0, 1, evil)], links=[(0, 0, 1.0)], projections=[])
    page = browse([doc], title=evil, names=[evil])
    assert page.html.count("<script") == page.html.count("</script>") == 2
    assert "<b>" not in page.html
    assert "<script" not in page.sentences[0]
    assert "<b>" not in page.sentences[0]
    assert page.data["texts"] == [f"{evil} \n{evil} ".casefold()]


def test_only_the_pages_own_script_runs(browse, scored):
    html = browse([scored(0.5)]).html
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert f"script-src 'sha256-{digest}'" in policy.replace("&#39;", "'")
    assert "default-src 'none'" in policy.replace("&#39;", "'")
    assert not re.search(r"https?:|\bsrc=|url\(|@import", html)


def test_text_from_right_to_left_is_marked(browse, make_doc):
    doc = make_doc("غادرت آشا", "Asha left", entities=[(0, 1, "PER")], links=[], projections=[])
    (sentence,) = browse([doc]).sentences
    assert sentence.count('direction="rtl"') == 2


def test_an_ensemble_says_who_supports_what(browse, scored):
    doc = scored(0.5)
    kept = Merged(0, 1, 0, 4, "PER", 0.7, (("en", 0.5), ("de", 0.9)))
    lost = Outvoted(1, 2, 5, 14, "ORG", 0.2, (("de", 0.4),), Status.OVERLAP, "it overlaps")
    outcome = Outcome([kept], [lost], [])
    store(doc, outcome, langs=["en", "de"], absent={}, method=Provenance({}))
    (sentence,) = browse([doc]).sentences
    assert "en 0.50, de 0.90" in sentence
    assert 'title="it overlaps">overlap</td>' in sentence
    assert repr(doc._.xproj_ensemble) == "Ensembled(1 entities, 1 outvoted, of en, de)"
    supporters = doc._.xproj_ensemble.supporters()
    assert {lang: [one.label for one in own] for lang, own in supporters.items()} == {
        "en": ["PER"],
        "de": ["PER", "ORG"],
    }


def test_a_document_without_a_view_is_shown_as_it_is(browse, scored):
    plain = Doc(scored(0.5).vocab, words=["Dodoma"])
    page = browse([scored(0.5), plain])
    assert "no source view" in page.sentences[1]
    with pytest.raises(XProjError, match=r"XP920.*None of the 1 sentences of corpus has a source"):
        browse([plain])


def test_equal_input_gives_equal_bytes(browse, scored):
    assert browse([scored(0.5)]).html == browse([scored(0.5)]).html
