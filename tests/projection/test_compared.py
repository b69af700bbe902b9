"""What a file holds of an entity beside what settings give."""

from spacy_xproj.projection import AlignScore, Matching
from spacy_xproj.projection.compared import compare
from spacy_xproj.projection.explaining import explain
from tests.fixtures.one_pair import project

TEXTS = "Samia visited Dodoma", "Samia alitembelea Dodoma"
ENTITIES, LINKS = [(0, 1, "PER"), (2, 3, "LOC")], [(0, 0), (1, 1), (2, 2, 0.4)]


def compared(pair, in_file):
    view, target = pair(*TEXTS, ENTITIES, LINKS)
    return compare(explain(Matching(score=AlignScore()), view, target), in_file)


def test_the_same_settings_give_what_the_file_holds(pair):
    in_file = project(Matching(score=AlignScore()), *pair(*TEXTS, ENTITIES, LINKS))
    assert [one.differs for one in compared(pair, in_file)] == [False, False]


def test_of_which_entity_something_else_comes_out(pair):
    strict = Matching(score=AlignScore(), threshold=0.5)
    in_file = project(strict, *pair(*TEXTS, ENTITIES, LINKS))
    found = compared(pair, in_file)
    assert [one.differs for one in found] == [False, True]
    plain = found[1].to_plain()
    assert plain["in_file"][0]["status"] == "below_threshold"
    assert plain["projections"][0]["status"] == "projected"


def test_without_a_view_in_the_file_nothing_differs(pair):
    found = compared(pair, None)
    assert [one.differs for one in found] == [False, False]
    assert found[0].to_plain()["in_file"] is None
