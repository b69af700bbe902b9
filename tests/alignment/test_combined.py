"""Several aligners as one: the weighted mean of their strengths."""

import pickle

import pytest
import spacy

from spacy_xproj.alignment import Aligner, Pharaoh
from spacy_xproj.alignment.combined import Combined
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError


class Fixed:
    """Gives the same links to each pair, and remembers what it was trained on."""

    def __init__(self, *triples):
        self.links = Links(triples)
        self.trained = None

    def align(self, views, targets):
        return [self.links for _ in views]

    def train(self, views, targets):
        self.trained = [view.words for view in views], [one.words for one in targets]

    def describe(self):
        return {"aligner": "fixed"}


def test_strengths_are_the_weighted_mean_with_0_for_no_link(view, target):
    aligners = {"a": Fixed((0, 0, 1.0), (1, 1, 0.5)), "b": Fixed((0, 0, 0.2), (1, 0, 0.8))}
    combined = Combined(aligners=aligners, weights={"a": 3, "b": 1})
    assert isinstance(combined, Aligner)
    (links,) = combined.align([view("a b")], [target("x y")])
    # (3 * 1 + 1 * 0.2) / 4, (3 * 0.5) / 4, (1 * 0.8) / 4
    assert links == Links([(0, 0, 0.8), (1, 1, 0.375), (1, 0, 0.2)])


def test_weights_that_sum_to_1_keep_a_perfect_link_perfect(view, target):
    parts = {name: Fixed((0, 0, 1.0)) for name in "abc"}
    for weights in ({"a": 0.1, "b": 0.2, "c": 0.7}, {"a": 1, "b": 1, "c": 1}):
        (links,) = Combined(aligners=parts, weights=weights).align([view("a")], [target("x")])
        assert links == Links([(0, 0, 1.0)])


def test_a_link_that_rounds_to_nothing_is_left_out(view, target):
    combined = Combined(aligners={"a": Fixed((0, 0, 1e-5)), "b": Fixed()}, weights={"a": 1, "b": 0})
    assert combined.align([view("a")], [target("x")]) == [Links()]


def test_each_pair_has_its_own(view, target):
    first = Pharaoh.of([Links([(0, 0)]), Links([(1, 1)])])
    combined = Combined(aligners={"a": first, "b": Fixed((0, 1))}, weights={"a": 1, "b": 1})
    views = [view("a b", row=1), view("a b", row=0)]
    links = combined.align(views, [target("x y"), target("x y")])
    assert [one.pairs for one in links] == [{(1, 1), (0, 1)}, {(0, 0), (0, 1)}]
    assert combined.align([], []) == []


@pytest.mark.parametrize(
    "weights", [{}, {"a": 1}, {"a": 1, "b": 1, "c": 1}, {"a": 0, "b": 0}, {"a": 2, "b": -1}]
)
def test_weights_that_do_not_fit(weights):
    with pytest.raises(XProjError, match=r"XP413.*do not fit the aligners \['a', 'b'\]"):
        Combined(aligners={"a": Fixed(), "b": Fixed()}, weights=weights)


def test_no_aligners():
    with pytest.raises(XProjError, match="XP413"):
        Combined(aligners={}, weights={})


def test_training_reaches_those_that_learn(view, target):
    learner = Fixed()
    combined = Combined(aligners={"a": learner, "b": Pharaoh.of([])}, weights={"a": 1, "b": 1})
    combined.train([view("a b")], [target("x")])
    assert learner.trained == ([("a", "b")], [("x",)])


def test_saving_keeps_the_data_of_those_that_have_some(view, target):
    def make(given):
        return Combined(aligners={"a": Fixed((0, 0)), "b": given}, weights={"a": 1, "b": 1})

    combined = make(Pharaoh.of([Links([(1, 1, 0.25)])]))
    again = make(Pharaoh())
    again.from_bytes(combined.to_bytes())
    pair = [view("a b", row=0)], [target("x y")]
    assert again.align(*pair) == combined.align(*pair) == [Links([(0, 0, 0.5), (1, 1, 0.125)])]
    assert again.to_bytes() == combined.to_bytes()
    assert pickle.loads(pickle.dumps(combined)).align(*pair) == combined.align(*pair)


def test_describe_names_all():
    combined = Combined(
        aligners={"b": Fixed(), "a": Pharaoh(path="links")}, weights={"a": 1, "b": 3}
    )
    assert combined.describe() == {
        "aligner": "combined",
        "weights": {"a": 0.25, "b": 0.75},
        "aligners": {
            "a": {"aligner": "pharaoh", "path": "links"},
            "b": {"aligner": "fixed"},
        },
    }


def test_named_blocks_in_a_config():
    parts = {
        name: {"@xproj_aligners": "spacy-xproj.Pharaoh.v1", "path": name} for name in ("a", "b")
    }
    nlp = spacy.blank("sw")
    nlp.add_pipe(
        "xproj_aligner",
        config={
            "aligner": {
                "@xproj_aligners": "spacy-xproj.Combined.v1",
                "aligners": parts,
                "weights": {"a": 0.5, "b": 0.5},
            }
        },
    )
    combined = nlp.get_pipe("xproj_aligner").backend
    assert {name: part.path for name, part in combined.aligners.items()} == {"a": "a", "b": "b"}
