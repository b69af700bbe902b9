"""Penalties for spans that do not look like a whole name; each by a pair where it decides."""

import numpy as np
import pytest

from spacy_xproj.data.status import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import AlignScore, Matching
from spacy_xproj.projection.boundary import BoundaryScore
from spacy_xproj.projection.scores import FusedScore
from tests.fixtures.one_pair import project, score_of


def penalties(pair, source, target, *spans):
    """The score of each target span for an entity that is the whole source."""
    view, sentence = pair(source, target, [(0, len(source.split(" ")), "ORG")])
    dense = score_of(BoundaryScore(), view, sentence, np.array(spans))
    return dense[0].round(6).tolist()


def with_links():
    """Penalties together with the score that they are meant for."""
    align = AlignScore(target_weight=0.2, outside_weight=0.2)
    scores = {"align": align, "boundary": BoundaryScore()}
    return Matching(
        score=FusedScore(scores=scores, weights=dict.fromkeys(scores, 1.0)), threshold=0.15
    )


def test_a_name_that_looks_whole_has_no_penalty(pair):
    assert penalties(pair, "World Bank", "ni Benki ya Dunia leo", (1, 4)) == [0.0]


@pytest.mark.parametrize(
    ("why", "target", "span", "penalty"),
    [
        ("begins in lower case", "kuna Benki leo", (0, 2), -0.1),
        ("and in a short word too", "leo ni Benki", (1, 3), -0.2),
        ("begins with the sentence's short first word", "La Banca", (0, 2), -0.1),
        ("ends in a short lower-case word", "Benki ya", (0, 2), -0.07),
        ("ends in punctuation", "Benki ,", (0, 2), -0.15),
        ("begins with punctuation", "( Benki", (0, 2), -0.15),
        ("a capital right before", "ni Benki Kuu", (2, 3), -0.07),
        ("a capital right after", "ni Benki Kuu", (1, 2), -0.04),
        ("begins in lower case and ends short", "kuna Benki ya", (0, 3), -0.17),
    ],
)
def test_penalties(pair, why, target, span, penalty):
    assert penalties(pair, "World Bank", target, span) == [penalty], why


@pytest.mark.parametrize(
    ("why", "source", "target", "span"),
    [
        ("the first word of a sentence always has a capital", "Bank", "Leo Benki", (1, 2)),
        ("an abbreviation ends in a point", "Corp.", "Kampuni Ltd.", (0, 2)),
        ("a lower-case entity may begin in lower case", "euro", "bei ya euro", (2, 3)),
        ("a long last word in lower case is no function word", "UN", "Umoja mataifa", (0, 2)),
        ("a capital before a lower-case first word", "bank", "ni Benki taifa", (2, 3)),
        ("a capital after a lower-case last word", "Bank", "Benki taifa Dodoma", (0, 2)),
        ("a single short word may be a name", "UN", "Leo UM", (1, 2)),
        ("a short first word with a capital later on", "World Bank", "leo El Salvador", (1, 3)),
        ("scripts without case", "Cairo", "زار القاهرة أمس", (1, 2)),
        ("a word may end in a vowel sign", "Delhi", "वह दिल्ली में", (1, 2)),
        ("a letter may end in a tone", "Rama", "ก รา มู้ ข", (1, 3)),
    ],
)
def test_no_penalty(pair, why, source, target, span):
    assert penalties(pair, source, target, span) == [0.0], why


def test_no_entities_or_candidates(pair):
    view, target = pair("Asha", "Asha", [(0, 1, "PER")])
    none = np.zeros((0, 2), dtype=int)
    assert score_of(BoundaryScore(), view, target, none).shape == (1, 0)
    assert score_of(BoundaryScore(), view.replace(entities=()), target, none).shape == (0, 0)


def test_together_with_links_they_leave_out_a_preposition_that_the_links_take_in(pair):
    links = [(0, 0, 0.6), (1, 0, 0.3), (1, 1, 0.9)]
    view, target = pair("in Dodoma", "katika Dodoma leo", [(1, 2, "LOC")], links)
    (found,) = project(with_links(), view, target)
    assert (found.start, found.end) == (1, 2)


def test_penalties_alone_do_not_hide_why_an_entity_has_no_span(pair):
    # "ni" is a candidate for Asha only because Juma is linked to it.
    view, target = pair(
        "Asha Juma Neema",
        "ni !",
        [(0, 1, "PER"), (1, 2, "PER"), (2, 3, "PER")],
        [(1, 0), (2, 1)],
    )
    statuses = [p.status for p in project(with_links(), view, target)]
    assert statuses == [Status.UNALIGNED, Status.PROJECTED, Status.NO_CANDIDATE]


def test_a_penalty_is_not_negative():
    with pytest.raises(XProjError, match=r"XP151.*short_start must be at least 0, got -0\.1"):
        BoundaryScore(short_start=-0.1)
