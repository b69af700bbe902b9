"""Lines of statuses: what a teacher named and what has no source are in them."""

import json

import spacy

from spacy_xproj.components.source_ner import SourceNerPipe
from spacy_xproj.components.voting import VotingTagger
from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.jobs.statuses import Counts, describe_docs
from spacy_xproj.tagging.base import Tagged, Unplaced


class Naming:
    """Names an entity that is there, and one that is not."""

    def place(self, views):
        lost = Unplaced("Dodoma\x1b", "GPE", "not in the sentence")
        return [([Tagged(0, 1, "PER", 0.9)], [lost]) for _ in views]

    def tag(self, views):
        return [found for found, _ in self.place(views)]

    def describe(self):
        return {"tagger": "naming"}


def lines_of(docs, **settings):
    places = [f"in.txt:{number}" for number in range(1, len(docs) + 1)]
    lines, counts = describe_docs(docs, places, [], start=0, **settings)
    return [json.loads(line) for line in lines.decode().splitlines()], counts


def test_what_teachers_name_that_is_not_there_is_listed_with_text_and_reason():
    doc = spacy.blank("sw")("Asha aliondoka")
    Views(doc)["en"] = SourceView("en", ("Asha", "left"), (True, False))
    for tagger in (Naming(), VotingTagger(taggers={"one": Naming()})):
        SourceNerPipe(tagger=tagger).process([doc])
        found, counts = lines_of([doc])
        assert found == [
            {
                **{"row": 0, "place": "in.txt:1", "kind": "unplaced", "lang": "en"},
                **{"source": "Dodoma\x1b", "label": "LOC", "status": "unplaced"},
                "reason": "not in the sentence",
            }
        ]
        assert counts.ignored == {"LOC (not in the sentence)": 1}


def test_a_sentence_without_a_source_is_listed_where_it_needs_one():
    docs = [spacy.blank("sw")("Asha aliondoka"), spacy.blank("sw")("")]
    assert lines_of(docs)[0] == []
    found, counts = lines_of(docs, needs_source=True)
    assert [(line["row"], line["status"]) for line in found] == [(0, "no_source")]
    assert counts.view_statuses == {"no_source": 1}


def test_labels_of_the_input_are_counted():
    docs = [spacy.blank("sw")("Asha")] * 3
    _, counts = lines_of(docs, had=[2, 0, 1])
    assert (counts.replaced_entities, counts.replaced_documents) == (3, 2)
    counts += Counts(counts.to_plain())
    assert (counts.replaced_entities, counts.replaced_documents) == (6, 4)
