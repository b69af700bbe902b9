"""What is exported reads back to the same entities, in every script."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from spacy_xproj.io.formats.files import read_docs, write_docs
from spacy_xproj.text.tokenizers import blank_vocab, doc_from_text

pytest.importorskip("pyarrow", reason="needs the extra [hf]")

WITH_TEXT = [".spacy", ".jsonl", ".json", ".parquet"]
SUFFIXES = [*WITH_TEXT, ".iob2"]
SAMPLE = 100

# Language, text, entities. Without spaces between words: th, zh, ja, my.
SENTENCES = [
    ("th", "มาลีเดินทางจากเชียงใหม่ไปกรุงเทพฯ", "มาลี:PER เชียงใหม่:LOC กรุงเทพฯ:LOC"),
    ("zh", "李明昨天在北京大学见到了王芳。", "李明:PER 北京大学:ORG 王芳:PER"),
    ("ja", "田中さんは大阪で会った。", "田中:PER 大阪:LOC"),
    ("my", "မောင်မောင်သည်ရန်ကုန်တွင်နေသည်။", "မောင်မောင်:PER ရန်ကုန်:LOC"),
    ("ar", "سافرت لَيْلى إلى القاهرة يوم ٣ مايو.", "لَيْلى:PER القاهرة:LOC"),
    ("hi", "मीरा ने दिल्ली में २०२४ में काम किया।", "मीरा:PER दिल्ली:LOC"),
    ("fa", "می\u200cخواهم به علی\u200cآباد بروم", "علی\u200cآباد:LOC"),
    ("he", "דָּנָה גרה ב־חיפה\u200f.", "דָּנָה:PER חיפה:LOC"),
    ("sw", "👩\u200d🔬 Asha 🇹🇿 aliondoka Dodoma👍🏽.", "Asha:PER Dodoma:LOC"),
    ("yo", "O\u0300\u0323jo\u0301 wa\u0300 ni\u0301 E\u0300ko\u0301", "O\u0300\u0323jo\u0301:PER"),
    ("vi", "Bà\u200bNguyễn Thị\u00a0Lan ở Huế", "Nguyễn_Thị\u00a0Lan:PER Huế:LOC"),
    ("ka", "ნინო\u2028თბილისში", "ნინო:PER თბილისში:LOC"),
    ("en", "  two  blanks ,\ta tab and Dar  es Salaam ", "Dar__es_Salaam:LOC"),
    ("xx", "", ""),
]


def entities(marks):
    """The names of a sentence above with their labels; "_" stands for a blank."""
    pairs = [mark.split(":") for mark in marks.split(" ") if mark]
    return [(name.replace("_", " "), label) for name, label in pairs]


def characters(vocab):
    """Every character a token."""
    return lambda text: Doc(vocab, words=list(text), spaces=[False] * len(text))


def words(vocab):
    """Runs of characters that are not whitespace; whitespace is a token, too."""

    def tokenize(text):
        found = re.findall(r"\S+|\s", text)
        return Doc(vocab, words=found, spaces=[False] * len(found))

    return tokenize


def chars(doc):
    """Entities in characters, without words of blanks at their edges."""
    inside = [([t for t in ent if not t.text.isspace()], ent.label_) for ent in doc.ents]
    return [(ts[0].idx, ts[-1].idx + len(ts[-1]), label) for ts, label in inside if ts]


def written_words(doc):
    """What a column file keeps: words and entities without whitespace."""
    clean = [re.sub(r"[\t\n\r]", " ", token.text) for token in doc if not token.is_space]
    ents = [([t.text for t in ent if not t.is_space], ent.label_) for ent in doc.ents]
    return clean, ents


def check(docs, folder, suffix):
    write_docs(docs, folder / f"copy{suffix}")
    back = read_docs(folder / f"copy{suffix}", lang="xx", labelled=True)
    if suffix == ".iob2":
        assert list(map(written_words, back)) == list(map(written_words, docs))
        return
    assert [doc.text for doc in back] == [doc.text for doc in docs]
    assert list(map(chars, back)) == list(map(chars, docs))
    assert [[t.text for t in doc] for doc in back] == [[t.text for t in doc] for doc in docs]


@pytest.fixture(scope="module")
def embedded():
    docs = []
    for tokenize in (characters(blank_vocab("xx")), words(blank_vocab("xx"))):
        for _, text, marks in SENTENCES:
            spans = [
                (text.index(name), text.index(name) + len(name), label)
                for name, label in entities(marks)
            ]
            docs.append(doc_from_text(tokenize, text, spans))
    assert sum(len(doc.ents) for doc in docs) == 2 * 25
    return docs


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".json.gz", ".parquet.gz"])
def test_every_script(embedded, tmp_path, suffix):
    check(embedded, tmp_path, suffix)


@pytest.mark.parametrize("suffix", [".jsonl", ".json"])
def test_regions_are_slices_of_the_text(embedded, tmp_path, suffix):
    """What a person sees marked is the name itself, whatever stands before it."""
    write_docs(embedded, tmp_path / f"a{suffix}")
    content = (tmp_path / f"a{suffix}").read_text(encoding="utf-8")
    if suffix == ".json":
        records = [
            (t["data"]["text"], [r["value"] for r in t["predictions"][0]["result"]])
            for t in json.loads(content)
        ]
    else:
        # A line separator inside a text is no end of a line.
        records = [(r["text"], r["spans"]) for r in map(json.loads, content.split("\n")[:-1])]
    found = [[text[span["start"] : span["end"]] for span in spans] for text, spans in records]
    assert found == 2 * [[name for name, _ in entities(marks)] for *_, marks in SENTENCES]


@st.composite
def random_docs(draw):
    alphabet = 'ab \t\n\u00a0\u2028\ufeff\u0301é東ש\u200f\u200b\u200d👩🔬[]"\\ก็'
    text = draw(st.text(alphabet, max_size=12))
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [(a, b, "A") for a, b in pairwise(borders) if draw(st.booleans())]
    return doc_from_text(draw(st.sampled_from([characters, words]))(blank_vocab("xx")), text, spans)


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
@settings(max_examples=30)
@given(docs=st.lists(random_docs(), min_size=1, max_size=3))
def test_any_text(tmp_path_factory, suffix, docs):
    check(docs, tmp_path_factory.getbasetemp(), suffix)


FILES = [
    *(f"europarl-ner/{lang}-europarl.test.conll02" for lang in ("de", "en", "es", "it")),
    *(
        f"masakhaner2/{lang}/dev.txt"
        for lang in ("bam", "hau", "kin", "lug", "luo", "pcm", "swa", "tsn", "wol", "yor")
    ),
    *(f"wikiann/{lang}/test.conllu" for lang in ("de", "es", "ru")),
    *(f"wikiann/{lang}/test.txt" for lang in ("swa", "yor")),
]


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES)
def test_every_benchmark_language(shared_data, tmp_path, file):
    text = (Path(shared_data) / file).read_text("utf-8")
    sample = tmp_path / Path(file).name
    sample.write_text("\n\n".join(text.split("\n\n")[:SAMPLE]) + "\n", "utf-8")
    docs = read_docs(sample, lang="xx", labelled=True)
    assert len(docs) == SAMPLE
    assert sum(len(doc.ents) for doc in docs) > 20
    for suffix in SUFFIXES:
        check(docs, tmp_path, suffix)


@pytest.mark.shared
@pytest.mark.parametrize(
    "lang", ["ar", "de", "el", "en", "es", "hi", "ro", "ru", "th", "tr", "vi", "zh"]
)
def test_every_language_of_xquad(shared_data, tmp_path, lang):
    """Paragraphs with their answers as entities; Thai and Chinese in characters."""
    data = json.loads((Path(shared_data) / "xquad" / f"xquad.{lang}.json").read_text("utf-8"))
    tokenize = (characters if lang in ("th", "zh") else words)(blank_vocab("xx"))
    docs = []
    for paragraph in [p for article in data["data"] for p in article["paragraphs"]][:20]:
        spans: list[tuple[int, int, str]] = []
        for qa in paragraph["qas"]:
            start, text = qa["answers"][0]["answer_start"], qa["answers"][0]["text"]
            span = (start, start + len(text), "ANSWER")
            if all(span[1] <= a or b <= span[0] for a, b, _ in spans):
                spans.append(span)
        docs.append(doc_from_text(tokenize, paragraph["context"], sorted(spans)))
    assert sum(len(doc.ents) for doc in docs) > 50
    for suffix in SUFFIXES:
        check(docs, tmp_path, suffix)
