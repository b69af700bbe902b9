"""Entity and candidate as texts of their own: by embeddings, and by translation probabilities."""

import pickle
from math import exp, inf, nan
from types import SimpleNamespace

import numpy as np
import pytest

from spacy_xproj.data.status import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Matching
from spacy_xproj.projection.similarity import EmbScore, NmtScore
from tests.fixtures.one_pair import FixedCandidates, project, score_of


class FakeEncoder:
    """Each word has the vectors that a test names."""

    def __init__(self, vectors):
        self.vectors = vectors
        self.calls = []

    def encode(self, sentences):
        self.calls.append([" ".join(words) for words in sentences])
        return [
            SimpleNamespace(
                vectors=np.array([v for w in words for v in self.vectors[w]]).reshape(-1, 2)
            )
            for words in sentences
        ]

    def describe(self):
        return {"model": "fake"}


class FakeTranslator:
    """Log probabilities by (given, wanted, source language, target language), else -9."""

    def __init__(self, log_p):
        self.log_p = log_p
        self.calls = []

    def score(self, sources, targets, *, source_lang, target_lang):
        pairs = list(zip(sources, targets, strict=True))
        self.calls.append((source_lang, target_lang, pairs))
        return [self.log_p.get((*pair, source_lang, target_lang), -9.0) for pair in pairs]

    def describe(self):
        return {"kind": "fake"}


# embeddings


@pytest.fixture
def bank(pair):
    return pair("Kijani Bank", "Benki ya Kijani", [(0, 2, "ORG")], [(0, 2), (1, 0)])


VECTORS = {
    "Kijani": [[1.0, 0.0]],
    "Bank": [[0.0, 1.0], [0.0, 1.0]],
    "Benki": [[0.0, 3.0]],
    "ya": [[-1.0, 0.0]],
}


def test_emb_is_the_cosine_of_the_means_over_subwords(bank):
    spans = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]])
    dense = score_of(EmbScore(encoder=FakeEncoder(VECTORS)), *bank, spans)
    entity = np.array([1 / 3, 2 / 3])
    wanted = [
        entity @ b / np.linalg.norm(entity) / np.linalg.norm(b)
        for b in np.array([[0, 3], [-0.5, 1.5], [0, 1], [-1, 0], [1, 0]])
    ]
    wanted[3] = 0  # below min_score
    np.testing.assert_allclose(dense, [wanted], atol=1e-12)
    high = score_of(EmbScore(encoder=FakeEncoder(VECTORS), min_score=0.8), *bank, spans)
    np.testing.assert_allclose(high, [[w if w >= 0.8 else 0 for w in wanted]], atol=1e-12)


def test_emb_of_a_text_without_subwords_is_0_and_of_nan_invalid(pair):
    view, target = pair("a", "b c", [(0, 1, "PER")], [(0, 0)])
    encoder = FakeEncoder({"a": [[1.0, 0.0]], "b": [], "c": [[nan, 1.0]]})
    spans = np.array([[0, 1], [1, 2]])
    dense = score_of(EmbScore(encoder=encoder), view, target, spans)
    np.testing.assert_array_equal(dense, [[0.0, nan]])
    (missed,) = project(
        Matching(candidates=FixedCandidates(*spans), score=EmbScore(encoder=encoder)), view, target
    )
    assert missed.status is Status.INVALID_SCORE


def test_emb_encodes_each_distinct_text_once_per_batch(bank, pair):
    encoder = FakeEncoder(VECTORS)
    projector = Matching(score=EmbScore(encoder=encoder))
    batch = [bank, bank, pair("Kijani", "Kijani", [(0, 1, "PER")], [(0, 0)])]
    together = projector.project(*zip(*batch, strict=True))
    (texts,) = encoder.calls
    assert sorted(texts) == ["Benki", "Benki ya Kijani", "Kijani", "Kijani Bank"]
    assert together == [project(Matching(score=EmbScore(encoder=encoder)), *one) for one in batch]


# translation


LOG_P = {
    ("Benki", "Bank", "sw", "en"): -1.0,
    ("Bank", "Benki", "en", "sw"): -2.0,
    ("Bank", "Bank", "en", "en"): -0.5,
    ("Benki", "Benki", "sw", "sw"): -0.25,
    ("ya", "ya", "sw", "sw"): -0.1,
    ("Benki ya", "Benki ya", "sw", "sw"): -0.2,
    ("ya", "Bank", "sw", "en"): -2.5,
    ("Bank", "ya", "en", "sw"): -4.0,
}


@pytest.fixture
def bank_ya(pair):
    return pair("Bank", "Benki ya", [(0, 1, "ORG")], [(0, 0, 0.9), (0, 1, 0.5)])


WORDS = np.array([[0, 1], [1, 2]])


def test_nmt_is_the_mean_of_both_normalised_directions(bank_ya):
    dense = score_of(
        NmtScore(translator=FakeTranslator(LOG_P), target_lang="sw", min_score=0), *bank_ya, WORDS
    )
    a_b, b_a = exp(-1.0) / exp(-0.5), exp(-2.0) / exp(-0.25)
    low = (exp(-2.5) / exp(-0.5) + exp(-4.0) / exp(-0.1)) / 2
    assert dense[0] == pytest.approx([(a_b + b_a) / 2, low])
    assert 0 < low < 0.1
    cut = score_of(NmtScore(translator=FakeTranslator(LOG_P), target_lang="sw"), *bank_ya, WORDS)
    assert cut[0] == pytest.approx([(a_b + b_a) / 2, 0])


@pytest.mark.parametrize("most", [1, 2, None])
def test_nmt_scores_the_candidates_that_the_links_speak_for_most(bank_ya, most):
    translator = FakeTranslator({})
    score = NmtScore(translator=translator, target_lang="sw", max_candidates=most, min_score=0)
    scores = score_of(score, *bank_ya, np.array([[0, 1], [0, 2], [1, 2]]))
    # Alignment: .9, 2 * 1.4 / 3, .5
    assert scores[0].nonzero()[0].tolist() == {1: [1], 2: [0, 1], None: [0, 1, 2]}[most]


def test_nmt_of_an_entity_without_links_is_nothing_unless_all_candidates_are_scored(pair):
    view, target = pair("Bank ya", "Benki", [(0, 1, "ORG")], [(1, 0)])
    translator = FakeTranslator(LOG_P)
    (missed,) = project(
        Matching(score=NmtScore(translator=translator, target_lang="sw")), view, target
    )
    assert missed.status is Status.UNALIGNED
    assert translator.calls == []
    every = NmtScore(translator=translator, target_lang="sw", max_candidates=None)
    unaligned = view.replace(links=None)
    dense = score_of(every, unaligned, target, WORDS[:1])
    assert dense[0] == pytest.approx([0.39019], abs=1e-4)


def test_nmt_a_text_with_nothing_to_read_scores_0_and_nan_is_passed_on(bank_ya):
    blank = {
        **LOG_P,
        ("Bank", "Benki", "en", "sw"): -inf,
        ("Benki", "Bank", "sw", "en"): -inf,
        ("Benki", "Benki", "sw", "sw"): -inf,
        ("ya", "ya", "sw", "sw"): nan,
    }
    dense = score_of(NmtScore(translator=FakeTranslator(blank), target_lang="sw"), *bank_ya, WORDS)
    np.testing.assert_array_equal(dense, [[0.0, nan]])


def test_nmt_asks_once_per_batch_and_direction_for_distinct_pairs(bank_ya):
    translator = FakeTranslator(LOG_P)
    projector = Matching(score=NmtScore(translator=translator, target_lang="sw", min_score=0))
    (found,), _ = projector.project(*zip(bank_ya, bank_ya, strict=True))
    assert [call[:2] for call in translator.calls] == [
        ("en", "en"),
        ("en", "sw"),
        ("sw", "en"),
        ("sw", "sw"),
    ]
    assert translator.calls[0][2] == [("Bank", "Bank")]
    assert sorted(a for a, b in translator.calls[3][2] if a == b) == ["Benki", "Benki ya", "ya"]
    assert (found.start, found.end) == (0, 1)


def test_parts_can_be_sent_to_a_worker(bank, bank_ya):
    emb = EmbScore(encoder=FakeEncoder(VECTORS))
    nmt = NmtScore(translator=FakeTranslator(LOG_P), target_lang="sw")
    for score, case in ((emb, bank), (nmt, bank_ya)):
        again = score_of(pickle.loads(pickle.dumps(score)), *case, WORDS)
        np.testing.assert_array_equal(again, score_of(score, *case, WORDS))


def test_parts_that_cannot_do_it_are_named():
    with pytest.raises(XProjError, match=r"XP520.*EmbScore.*encode.*HFEncoder"):
        EmbScore(encoder=object())
    with pytest.raises(XProjError, match=r"XP520.*NmtScore.*score.*Seq2Seq"):
        NmtScore(translator=object(), target_lang="sw")
    with pytest.raises(XProjError, match=r"XP151.*max_candidates"):
        NmtScore(translator=FakeTranslator({}), target_lang="sw", max_candidates=0)
