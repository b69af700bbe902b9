"""Several teachers of one language, which vote before projection."""

import pytest
import spacy

from spacy_xproj.components.voting import VotingTagger
from spacy_xproj.ensembling.best import BestView
from spacy_xproj.ensembling.llm_arbiter import LLMArbiter
from spacy_xproj.ensembling.model_arbiter import ModelArbiter
from spacy_xproj.errors import XProjError
from spacy_xproj.llm.client import ChatClient
from spacy_xproj.tagging.applying import tag_views
from spacy_xproj.tagging.base import Tagged, Unplaced
from spacy_xproj.tagging.gold import GoldTagger
from spacy_xproj.tagging.ruler import RulerTagger


def rules(*pairs, score=1.0):
    return RulerTagger(
        patterns=[{"label": label, "pattern": text} for text, label in pairs], score=score
    )


@pytest.fixture
def view(pair):
    return pair("Asha Mushi works for Kijani Bank in Dodoma .", "x")[0]


def found(tagger, view):
    return [(" ".join(view.words[e.start : e.end]), e.label) for e in tagger.tag([view])[0]]


def test_most_teachers_decide(view):
    tagger = VotingTagger(
        taggers={
            "a": rules(("Asha Mushi", "PER"), ("Dodoma", "LOC"), ("Kijani", "LOC")),
            "b": rules(("Asha Mushi", "PERSON"), ("Kijani Bank", "ORG"), ("Dodoma", "GPE")),
            "c": rules(("Asha", "PER"), ("Kijani Bank", "ORG")),
        }
    )
    assert found(tagger, view) == [("Asha Mushi", "PER"), ("Kijani Bank", "ORG"), ("Dodoma", "LOC")]
    scores = [entity.score for entity in tagger.tag([view])[0]]
    assert all(0 < score <= 1 for score in scores)
    assert tagger.describe()["taggers"]["a"]["tagger"] == "ruler"


def test_each_has_its_own_names_of_labels(view):
    taggers = {"a": rules(("Dodoma", "town")), "b": rules(("Dodoma", "LOC"))}
    label_maps = {"a": {"town": "LOC"}}
    assert found(VotingTagger(taggers=taggers, label_maps=label_maps), view) == [("Dodoma", "LOC")]


def test_weights_by_teacher_and_other_ensembles(view):
    taggers = {"a": rules(("Dodoma", "LOC")), "b": rules(("Dodoma", "ORG"))}
    for name, label in (("a", "LOC"), ("b", "ORG")):
        tagger = VotingTagger(taggers=taggers, ensemble=BestView(lang=name))
        assert found(tagger, view) == [("Dodoma", label)]


def test_in_a_pipeline(pair):
    nlp = spacy.blank("sw")
    block = {"@xproj_taggers": "spacy-xproj.RulerTagger.v1"}
    patterns = [{"label": "GPE", "pattern": "Dodoma"}]
    nlp.add_pipe(
        "xproj_source_ner",
        config={
            "tagger": {
                "@xproj_taggers": "spacy-xproj.VotingTagger.v1",
                "taggers": {
                    "a": {**block, "patterns": patterns},
                    "b": {**block, "patterns": patterns, "score": 0.5},
                },
            }
        },
    )
    doc = nlp.make_doc("Asha aliondoka Dodoma .")
    doc._.xproj["en"] = pair("Asha left Dodoma .", "x")[0].replace(entities=None, links=None)
    doc = nlp(doc)
    (entity,) = doc._.xproj["en"].entities
    assert (entity.start, entity.label) == (2, "LOC")
    assert doc._.xproj["en"].provenance["tagger"]["tagger"] == "vote"


class Naming:
    """A teacher that names what is not in the sentence, as a language model may."""

    def tag(self, views):
        return [own for own, _ in self.place(views)]

    def place(self, views):
        return [([Tagged(0, 2, "PERSON")], [Unplaced("Atlantis", "GPE", "not here")])] * len(views)

    def describe(self):
        return {"tagger": "naming"}


def test_what_a_teacher_names_that_is_not_there_is_counted(view):
    tagger = VotingTagger(taggers={"a": rules(("Asha Mushi", "PER")), "b": Naming()})
    [(entities, ignored)] = tag_views(tagger, [view])
    assert [(e.start, e.end, e.label) for e in entities] == [(0, 2, "PER")]
    assert ignored == {"LOC (not here)": 1}


def test_teachers_are_needed(view):
    with pytest.raises(XProjError, match=r"XP309.*taggers"):
        VotingTagger(taggers={})
    with pytest.raises(XProjError, match=r"XP520.*taggers\.a"):
        VotingTagger(taggers={"a": object()})


@pytest.mark.parametrize("arbiter", [ModelArbiter, lambda: LLMArbiter(client=ChatClient())])
def test_an_arbiter_has_no_seat_here(arbiter):
    with pytest.raises(XProjError, match=r"XP311.*Arbiter.*xproj_ensemble"):
        VotingTagger(taggers={"a": GoldTagger()}, ensemble=arbiter())
