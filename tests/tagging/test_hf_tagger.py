"""A Hugging Face token-classification model as the source NER."""

import json
import pickle
import shutil

import numpy as np
import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.hf.pieces import Pieces
from spacy_xproj.tagging import HFTagger, Tagged, Tagger


@pytest.fixture
def tagger(tiny_ner):
    return HFTagger(model=str(tiny_ner), device="cpu")


def spans(found: list[Tagged]) -> list[tuple[int, int, str]]:
    return [(start, end, label) for start, end, label, _ in found]


def test_it_finds_what_the_model_has_learnt(tagger, view):
    assert isinstance(tagger, Tagger)
    views = [
        view("Asha", "met", "Baraka", "in", "Dodoma", "."),
        view(),
        view("Asha", "Mushi", "works", "for", "Kijani", "Bank", "."),
    ]
    assert [spans(found) for found in tagger.tag(views)] == [
        [(0, 1, "PER"), (2, 3, "PER"), (4, 5, "LOC")],
        [],
        [(0, 2, "PER"), (4, 6, "ORG")],
    ]


def test_no_views(tagger):
    assert tagger.tag([]) == []


def test_probabilities_have_a_row_per_word_that_sums_to_one(tagger):
    sentences = [["Asha", "met", "Zawadi", "\x07", "."], [], ["x-y" * 40, "Dodoma"], ["\x07"]]
    rows = tagger.probabilities(sentences)
    assert [r.shape for r in rows] == [(5, 7), (0, 7), (2, 7), (1, 7)]
    for r in rows:
        np.testing.assert_allclose(r.sum(axis=1), np.ones(len(r)), atol=1e-6)
        assert (r >= 0).all()


def test_a_word_without_subwords_is_o_for_certain(tagger, view):
    (rows,) = tagger.probabilities([["Asha", "\x07", "", "met"]])
    outside = tagger.labels.index("O")
    assert rows[1:3].tolist() == [[float(i == outside) for i in range(7)]] * 2
    # The words behind it keep their numbers.
    (found,) = tagger.tag([view("\x07", "Asha", "\x07", "met", "Baraka", ".")])
    assert spans(found) == [(1, 2, "PER"), (4, 5, "PER")]


def test_a_word_has_the_label_of_its_first_subword(tagger, tiny_ner):
    import torch
    import transformers

    words = ["Asha", "met", "Zawadi", "in", "Dodoma"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_ner)
    model = transformers.AutoModelForTokenClassification.from_pretrained(tiny_ner)
    inputs = tokenizer(words, is_split_into_words=True, return_tensors="pt")
    assert len(inputs["input_ids"][0]) > len(words) + 2  # Zawadi has several subwords
    with torch.inference_mode():
        wanted = model(**inputs).logits[0].softmax(-1).numpy()
    first = [inputs.word_ids().index(i) for i in range(len(words))]
    np.testing.assert_allclose(tagger.probabilities([words])[0], wanted[first], atol=1e-5)


def test_letters_that_share_a_subword_are_one_entity(tagger, monkeypatch):
    """What begins with the first of them goes on in the others."""
    pieces = Pieces([5, 6], [0, 3], [3, 4])
    monkeypatch.setattr(tagger._runner, "split", lambda sentences: [pieces])
    sure = np.eye(7, dtype=np.float32)[[1, 0]] * 9
    monkeypatch.setattr(tagger._runner, "run", lambda pieces: [sure])
    (rows,) = tagger.probabilities([["東", "京", "タ", "の"]])
    assert [tagger.labels[i] for i in rows.argmax(axis=1)] == ["B-PER", "I-PER", "I-PER", "O"]
    np.testing.assert_allclose(rows.sum(axis=1), np.ones(4), atol=1e-6)


def test_a_score_is_the_mean_probability_of_the_words_labels(tagger, view):
    sentence = view("Asha", "Mushi", "works", "for", "Kijani", "Bank", ".")
    (found,) = tagger.tag([sentence])
    best = tagger.probabilities([sentence.words])[0].max(axis=1)
    assert found
    for entity in found:
        assert 0 < entity.score <= 1
        assert entity.score == pytest.approx(best[entity.start : entity.end].mean(), abs=1e-4)
        assert type(entity.score) is float  # plain data: it is stored in the Doc


def test_no_word_of_a_long_sentence_is_left_out(tagger, view):
    """The model has 64 positions; the sentence has 180 words."""
    text = ["Asha", "met", "Baraka", "in", "Dodoma", "."]
    (rows,) = tagger.probabilities([text * 30])
    assert rows.shape == (180, 7)
    (found,) = tagger.tag([view(*text * 30)])
    assert {entity.start // 60 for entity in found} == {0, 1, 2}


@pytest.mark.parametrize("batch_size", [1, 2, 32])
def test_a_batch_gives_what_each_sentence_gives_alone(tiny_ner, batch_size):
    sentences = [["Asha", "met", "Baraka"], [], ["Dodoma"], ["the", "new", "year"] * 40]
    together = HFTagger(model=str(tiny_ner), device="cpu", batch_size=batch_size)
    for sentence, rows in zip(sentences, together.probabilities(sentences), strict=True):
        alone = HFTagger(model=str(tiny_ner), device="cpu").probabilities([sentence])[0]
        np.testing.assert_allclose(rows, alone, atol=1e-5)


@pytest.mark.parametrize(
    "labels",
    [
        ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5", "LABEL_6"],
        ["O", "PER", "ORG", "LOC", "DATE", "MISC", "X"],
        ["B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-X"],
    ],
)
def test_a_model_of_other_labels_is_refused(tiny_ner, tmp_path, view, labels):
    """Above all one that has no trained head: its labels would be arbitrary."""
    model = shutil.copytree(tiny_ner, tmp_path / "model")
    config = json.loads((model / "config.json").read_text())
    config["id2label"] = dict(enumerate(labels))
    config["label2id"] = {label: i for i, label in enumerate(labels)}
    (model / "config.json").write_text(json.dumps(config))
    with pytest.raises(XProjError, match=r"XP303.*Is it the right model\?"):
        HFTagger(model=str(model)).tag([view("Asha")])


def test_an_encoder_without_a_head_is_refused(tiny_encoder, view):
    with pytest.raises(XProjError, match="XP303"):
        HFTagger(model=str(tiny_encoder)).tag([view("Asha")])


def test_making_a_tagger_loads_no_model():
    tagger = HFTagger(model="no/such-model")
    assert tagger.describe() == {
        "tagger": "huggingface",
        "model": "no/such-model",
        "revision": None,
        "from": "hub",
    }


def test_a_tagger_can_be_sent_to_a_worker(tagger, view):
    sentence = view("Asha", "met", "Baraka")
    before = tagger.tag([sentence])
    data = pickle.dumps(tagger)
    assert len(data) < 2_000
    assert pickle.loads(data).tag([sentence]) == before


# The real model.

NEWS = [
    (
        "Angela Merkel met Emmanuel Macron in Berlin on Tuesday .",
        [(0, 2, "PER"), (3, 5, "PER"), (6, 7, "LOC")],
    ),
    ("The mayor of Lyon thanked Siemens for its offer .", [(3, 4, "LOC"), (5, 6, "ORG")]),
    ("Prices in Kenya rose , the World Bank said .", [(2, 3, "LOC"), (6, 8, "ORG")]),
    ("Japan beat Brazil in the final .", [(0, 1, "LOC"), (2, 3, "LOC")]),
    ("It will rain again tomorrow .", []),
]


@pytest.fixture(scope="module")
def conll_tagger(conll_model):
    return HFTagger(model=conll_model, device="cpu")


@pytest.mark.shared
def test_a_real_model_finds_the_obvious(conll_tagger, view):
    found = conll_tagger.tag([view(*text.split()) for text, _ in NEWS])
    for (text, wanted), entities in zip(NEWS, found, strict=True):
        assert set(wanted) <= set(spans(entities)), text
    assert found[-1] == []
    assert all(entity.score > 0.5 for entities in found for entity in entities)


@pytest.mark.shared
def test_a_real_model_reads_text_beyond_its_512_positions(conll_tagger, view):
    words = NEWS[0][0].split()
    (found,) = conll_tagger.tag([view(*words * 100)])
    people = [entity.start for entity in found if entity.label == "PER"]
    assert len(people) >= 190
    assert max(people) > 990
