"""A matrix that makes linked words alike."""

import numpy as np

from benchmarks.training.fit import Example, Fit, fit_head
from benchmarks.training.silver import LINK, NONE, UNSURE
from spacy_xproj.alignment import Encoded
from spacy_xproj.alignment.head import Head

HOW = Fit(rank=4, epochs=20, batch_size=4, learning_rate=0.05)


def hidden(n, seed=0):
    """Sentences whose words say in 4 of 12 numbers what they mean; the rest is noise, stronger."""
    random = np.random.default_rng(seed)
    examples = []
    for _ in range(n):
        meaning, order = random.normal(size=(5, 4)), random.permutation(5)
        sides = [
            np.hstack([own, random.normal(size=(5, 8)) * 3]).astype(np.float16)
            for own in (meaning, meaning[order])
        ]
        links = (np.arange(5)[:, None] == order).astype(np.int8)
        examples.append(Example(sides[0], sides[1], links))
    return examples


def share_found(matrix, temperature, examples):
    """Of the links, how many are the best pair of their word."""
    head = Head(matrix, temperature, 0.0, np.zeros((9, 12)), {})
    found = 0
    for source, target, links in examples:
        sides = [Encoded(side.astype(np.float32), np.arange(5)) for side in (source, target)]
        found += int((links.argmax(axis=1) == head.strengths(*sides).argmax(axis=1)).sum())
    return found / (5 * len(examples))


def test_what_is_learnt_holds_for_other_sentences():
    matrix, temperature = fit_head(hidden(60), HOW)
    others = hidden(40, seed=1)
    before = share_found(np.eye(12, dtype=np.float32), 1.0, others)
    assert before < 0.6
    assert share_found(matrix, temperature, others) > 0.95
    assert temperature > 0


def test_the_same_seed_gives_the_same_head():
    few = HOW._replace(epochs=2)
    first, again = (fit_head(hidden(10), few) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    assert first[1] == again[1]
    other, _ = fit_head(hidden(10), few._replace(seed=1))
    assert not np.array_equal(first[0], other)


def test_sentences_of_unlike_length_share_a_batch():
    examples = hidden(3)
    source, target, links = examples[0]
    examples[0] = Example(source[:2], target[:4], links[:2, :4])
    said = []
    matrix, _ = fit_head(examples, HOW._replace(epochs=2), say=said.append)
    assert np.isfinite(matrix).all()
    assert len(said) == 2


def test_the_matrix_is_of_the_vectors_width_and_the_rank():
    matrix, _ = fit_head(hidden(2), HOW._replace(epochs=1, rank=3))
    assert matrix.shape == (12, 3)


def test_nothing_is_learnt_where_it_is_unsure_whether_words_are_linked():
    """A second pair of words, unsure, that no head can tell from the first."""
    width, how = 4, Fit(rank=2, epochs=60, batch_size=1, learning_rate=0.05)
    vectors = np.eye(3, width, dtype=np.float16)[[0, 1, 2]]
    losses = {}
    for second in (NONE, UNSURE):
        links = np.array([[LINK, second, NONE], [NONE, NONE, NONE], [NONE, NONE, LINK]], np.int8)
        target = vectors[[0, 0, 2]]
        said = []
        fit_head([Example(vectors, target, links)], how, say=said.append)
        losses[second] = float(said[-1].split("loss ")[1].split(",")[0])
    assert losses[UNSURE] < losses[NONE]
