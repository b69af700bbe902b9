"""Names that are repeated in both sentences: links that are shared out are put together again."""

import pytest

from spacy_xproj.data.links import Links
from spacy_xproj.projection import Matching
from spacy_xproj.projection.repeats import settle_repeats
from tests.fixtures.one_pair import project

VERBS = ["visited", "left", "loves", "hates", "saw", "knows", "praised", "sold", "bought", "drew"]


def repeated(pair, n):
    """ "Ana Bok VERB Oslo ," n times on both sides; the links of each name are shared out."""
    text = " ".join(f"Ana Bok {verb} Oslo ," for verb in VERBS[:n])
    names = [(5 * i, 5 * i + 2, "PER") for i in range(n)]
    entities = sorted([*names, *((5 * i + 3, 5 * i + 4, "LOC") for i in range(n))])
    links = []
    for k, word in enumerate(text.split(" ")):
        same = [l for l, other in enumerate(text.split(" ")) if other == word]
        links += [(k, l, 0.9 / len(same)) for l in same]
    view, target = pair(text, text, entities, links)
    return view, target, entities


@pytest.mark.parametrize("n", [1, 2, 6, 8, 10])
def test_every_repeat_is_projected_with_full_certainty(pair, n):
    view, target, entities = repeated(pair, n)
    found = project(Matching(), view, target)
    assert [(p.start, p.end, p.label) for p in found] == entities
    assert min(p.score for p in found) > 0.9


def test_the_nth_takes_all_that_the_nth_has(pair):
    entities = [(0, 1, "LOC"), (2, 3, "LOC")]
    links = [(0, 0, 0.3), (0, 2, 0.5), (2, 0, 0.2), (2, 2, 0.2), (1, 1, 0.7)]
    view, target = pair("Oslo or Oslo", "Oslo au Oslo", entities, links)
    expected = Links([(0, 0, 0.8), (1, 1, 0.7), (2, 2, 0.4)])
    assert settle_repeats(view, target, view.links) == expected


@pytest.mark.parametrize(
    ("why", "target", "entities"),
    [
        ("one is an entity", "Oslo au Oslo", [(0, 1, "LOC")]),
        ("labels differ", "Oslo au Oslo", [(0, 1, "LOC"), (2, 3, "PER")]),
        ("the translation has more", "Oslo Oslo Oslo", [(0, 1, "LOC"), (2, 3, "LOC")]),
        ("the translation has one", "Oslo au huko", [(0, 1, "LOC"), (2, 3, "LOC")]),
    ],
)
def test_other_links_stay(pair, why, target, entities):
    links = [(0, 0, 0.3), (0, 2, 0.5), (2, 0, 0.2), (2, 2, 0.2)]
    view, sentence = pair("Oslo or Oslo", target, entities, links)
    assert settle_repeats(view, sentence, view.links) == view.links, why
