"""From a tagger's labels to those wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.tagging import COMMON_LABELS, Tagged, map_labels
from spacy_xproj.tagging.applying import tag_views
from spacy_xproj.tagging.labels import is_label

FOUND = [
    Tagged(0, 2, "PERSON", 0.9),
    Tagged(3, 4, "GPE"),
    Tagged(5, 6, "DATE"),
    Tagged(7, 8, "DATE"),
    Tagged(9, 10, "MISC"),
]


def test_labels_are_renamed_and_those_to_ignore_are_counted():
    kept, left_out = map_labels(FOUND, label_map=COMMON_LABELS, ignore=["DATE", "MISC"])
    assert kept == [Tagged(0, 2, "PER", 0.9), Tagged(3, 4, "LOC")]
    assert left_out == {"DATE": 2, "MISC": 1}


def test_a_label_can_be_ignored_by_either_name():
    for name in ("PERSON", "PER"):
        kept, left_out = map_labels(FOUND[:1], label_map=COMMON_LABELS, ignore=[name])
        assert kept == []
        assert left_out == {"PER": 1}


def test_what_is_not_mapped_keeps_its_label():
    assert map_labels(FOUND, label_map={}, ignore=[]) == (FOUND, {})


@given(
    found=st.lists(
        st.builds(Tagged, st.integers(0, 9), st.integers(10, 20), st.sampled_from("ABCD"))
    ),
    label_map=st.dictionaries(st.sampled_from("ABCD"), st.sampled_from("ABCD")),
    ignore=st.sets(st.sampled_from("ABCD")),
)
def test_no_entity_is_lost_without_being_counted(found, label_map, ignore):
    kept, left_out = map_labels(found, label_map=label_map, ignore=ignore)
    assert len(kept) + left_out.total() == len(found)
    assert not {entity.label for entity in kept} & ignore


@pytest.mark.parametrize("label", ["", " ", "PER ", "P\x1b[2JER", "a\nb", "\u202eREP", "x" * 101])
def test_what_a_tagger_gives_as_a_label_may_be_none(pair, label):
    class Odd:
        def tag(self, views):
            return [[Tagged(0, 1, label)] for _ in views]

        def describe(self):
            return {"tagger": "odd"}

    assert not is_label(label)
    with pytest.raises(XProjError, match=r"XP115.*Odd\.tag"):
        tag_views(Odd(), [pair("Asha left", "x")[0]])


def test_labels_in_words_and_in_any_script_are_labels():
    for label in ("PER", "medical condition", "地名", "LOC-2", "x" * 100):
        assert is_label(label)
