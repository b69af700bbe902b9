"""The min-max projector: one span from the first to the last linked word."""

import pickle

from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.projection.minmax import MinMax
from spacy_xproj.registry import registry
from tests.fixtures.one_pair import project


def test_the_span_covers_all_linked_words_however_far_apart(pair):
    view, target = pair(
        "World Bank", "Benki kubwa sana ya Dunia", [(0, 2, "ORG")], [(0, 4), (1, 0)]
    )
    assert project(MinMax(), view, target) == [Projection(0, "ORG", Status.PROJECTED, 0, 5, 0, 25)]


def test_an_entity_without_a_link_and_an_empty_target(pair):
    view, target = pair("Asha left", "aliondoka", [(0, 1, "PER")], [(1, 0)])
    assert [p.status for p in project(MinMax(), view, target)] == [Status.UNALIGNED]
    view, target = pair("Asha left", "", [(0, 1, "PER")])
    assert [p.status for p in project(MinMax(), view, target)] == [Status.NO_CANDIDATE]


def test_of_two_spans_that_meet_the_first_entity_has_it(pair):
    view, target = pair(
        "Asha met Baraka", "p q r", [(0, 1, "PER"), (2, 3, "PER")], [(0, 0), (0, 2), (2, 1)]
    )
    first, second = project(MinMax(), view, target)
    assert (first.start, first.end) == (0, 3)
    assert (second.status, second.start) == (Status.OVERLAP, None)


def test_it_is_registered_describes_itself_and_is_pickled(pair):
    config = {"projector": {"@xproj_projectors": "spacy-xproj.MinMax.v1"}}
    projector = pickle.loads(pickle.dumps(registry.resolve(config)["projector"]))
    assert projector.describe() == {"projector": "minmax"}
    view, target = pair("a", "b", [(0, 1, "PER")], [(0, 0)])
    assert len(project(projector, view, target)) == 1
