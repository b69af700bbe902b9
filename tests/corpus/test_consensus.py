"""Labels that most projections onto the same words have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.corpus.consensus import LabelConsensus
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.errors import XProjError


def sentence(text):
    words = tuple(text.split())
    return Sentence(words, (True,) * len(words))


def projected(text, start, end, label, score=1.0):
    first, last = sentence(text).offsets[start], sentence(text).offsets[end - 1]
    return Projection(0, label, Status.PROJECTED, start, end, first[0], last[1], score)


def learnt(*cases, **limits):
    consensus = LabelConsensus(**limits)
    for text, *found in cases:
        consensus.learn(sentence(text), [projected(text, *one) for one in found])
    return consensus


def test_the_minority_takes_the_label_of_the_majority_and_says_so():
    texts = [("europäische Union", (0, 1, "MISC"))] * 3
    consensus = learnt(*texts, ("Europäische Märkte", (0, 1, "LOC")))
    (changed,) = consensus.apply(
        sentence("Europäische Märkte"), [projected("Europäische Märkte", 0, 1, "LOC")]
    )
    assert (changed.label, changed.start, changed.end) == ("MISC", 0, 1)
    assert changed.reason == "MISC in place of LOC, as most projections onto these words"
    fits = projected("europäische Union", 0, 1, "MISC")
    assert consensus.apply(sentence("europäische Union"), [fits]) == [fits]


@pytest.mark.parametrize(
    ("why", "cases"),
    [
        ("too few", [("Kenia", (0, 1, "LOC")), ("Kenia", (0, 1, "ORG", 0.2))]),
        ("no clear majority", [("Kenia", (0, 1, "LOC"))] * 3 + [("Kenia", (0, 1, "ORG"))] * 3),
        ("other words", [("Nairobi", (0, 1, "LOC"))] * 9 + [("Kenia", (0, 1, "ORG"))]),
        ("a part of the words", [("Kenia Bank", (0, 2, "LOC"))] * 9 + [("Kenia", (0, 1, "ORG"))]),
    ],
)
def test_labels_stay(why, cases):
    (kept,) = learnt(*cases).apply(sentence("Kenia"), [projected("Kenia", 0, 1, "ORG")])
    assert kept.label == "ORG", why


def test_projections_count_by_their_scores_and_what_has_none_counts_1():
    cases = [("Kenia", (0, 1, "ORG", 0.1))] * 5 + [("Kenia", (0, 1, "LOC", None))] * 2
    (changed,) = learnt(*cases).apply(sentence("Kenia"), [projected("Kenia", 0, 1, "ORG")])
    assert changed.label == "LOC"


def test_scores_too_large_to_be_summed_count_all_the_same():
    consensus = LabelConsensus()
    for label in ("LOC", "LOC", "ORG"):
        consensus.count("Europa", label, 1e308)
    assert consensus.agreed("Europa", "ORG") == "LOC"


def test_what_was_not_projected_is_left_alone():
    missed = Projection(0, "ORG", Status.UNALIGNED, reason="no target word is linked to it")
    consensus = learnt(*[("Kenia", (0, 1, "LOC"))] * 3)
    consensus.learn(sentence("Kenia"), [missed])
    assert consensus.apply(sentence("Kenia"), [missed]) == [missed]


@pytest.mark.parametrize("share", [0.5, 1.1])
def test_the_share_is_that_of_a_majority(share):
    with pytest.raises(XProjError, match=r"XP560.*above \.5 and at most 1"):
        LabelConsensus(min_share=share)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["LOC", "ORG"])), max_size=12))
def test_applying_it_once_is_enough(found):
    cases = [(word, (0, 1, label)) for word, label in found]

    def labels(consensus, given):
        return [consensus.apply(sentence(w), [projected(w, *p)])[0].label for w, p in given]

    once = labels(learnt(*cases), cases)
    again = [(word, (0, 1, label)) for (word, _), label in zip(found, once, strict=True)]
    assert labels(learnt(*again), again) == once
