"""The embedded corpus: the same sentences, with the same marks, in six languages."""

from collections import Counter

import pytest
import spacy
import srsly

from benchmarks.datasets.marked import parse_marked, read_marked

LANGS = ("en", "de", "es", "fr", "sw", "af")
SPLITS = ("dev", "test", "train")
LABELS = {"PER", "ORG", "LOC"}


@pytest.fixture(scope="module")
def splits(root):
    """The rows of each split."""
    return {s: list(srsly.read_jsonl(root / "assets" / "news" / f"{s}.jsonl")) for s in SPLITS}


@pytest.fixture(scope="module")
def rows(splits):
    return [row for split in SPLITS for row in splits[split]]


def names(marked: str) -> list[tuple[str, str]]:
    text, spans = parse_marked(marked)
    return [(text[start:end], label) for start, end, label in spans]


def test_there_are_enough_sentences_in_each_split(root, splits):
    assert {path.stem for path in (root / "assets" / "news").glob("*.jsonl")} == set(SPLITS)
    assert sum(map(len, splits.values())) >= 240
    assert len(splits["train"]) > len(splits["test"]) > len(splits["dev"]) >= 24


def test_each_row_has_an_id_and_all_languages(rows):
    for row in rows:
        assert tuple(row) == ("id", *LANGS)
        assert all(row[lang] == row[lang].strip() and row[lang] for lang in LANGS), row["id"]


def test_ids_are_unique(rows):
    assert Counter(row["id"] for row in rows).most_common(1)[0][1] == 1


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_stands_twice_within_or_across_splits(rows, lang):
    texts = Counter(" ".join(parse_marked(row[lang])[0].lower().split()) for row in rows)
    assert [text for text, n in texts.items() if n > 1] == []


def test_a_sentence_has_the_same_labels_in_all_languages(rows):
    for row in rows:
        labels = {lang: Counter(label for _, label in names(row[lang])) for lang in LANGS}
        assert all(counts == labels["en"] for counts in labels.values()), (row["id"], labels)


def test_marks_hold_a_name_and_a_known_label(rows):
    for row in rows:
        for lang in LANGS:
            for name, label in names(row[lang]):
                assert label in LABELS, row["id"]
                assert name == name.strip(), row["id"]


@pytest.mark.parametrize("lang", LANGS)
def test_no_name_cuts_a_token(rows, lang):
    nlp = spacy.blank(lang)
    for row in rows:
        text, spans = parse_marked(row[lang])
        doc = nlp(text)
        for start, end, label in spans:
            assert doc.char_span(start, end, label) is not None, (row["id"], text[start:end])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("split", SPLITS)
def test_the_corpus_reads_as_docs_with_every_name(root, splits, split, lang):
    docs = list(read_marked(root / "assets" / "news" / f"{split}.jsonl", lang=lang))
    assert [doc.user_data["id"] for doc in docs] == [row["id"] for row in splits[split]]
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [
        names(row[lang]) for row in splits[split]
    ]


@pytest.mark.parametrize("split", SPLITS)
def test_each_split_has_the_cases_that_projection_has_to_deal_with(splits, split):
    labels = [Counter(label for _, label in names(row["en"])) for row in splits[split]]
    assert set().union(*labels) == LABELS
    assert any(not counts for counts in labels)  # no name at all
    assert any(max(counts.values(), default=0) >= 2 for counts in labels)  # two of one label
    assert any(len(counts) >= 2 for counts in labels)  # two labels
    for lang in LANGS[1:]:
        translated = [
            row["id"]
            for row in splits[split]
            if Counter(names(row[lang])) != Counter(names(row["en"]))
        ]
        assert translated, f"no name of {split} differs between en and {lang}"
    moved = [
        row["id"]
        for row in splits[split]
        if [label for _, label in names(row["sw"])] != [label for _, label in names(row["en"])]
    ]
    assert moved, f"the names of {split} are in the same order in en and sw"
