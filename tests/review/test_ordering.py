"""What a person should look at first."""

import pytest

from spacy_xproj.review.ordering import NOTHING, least_margin, least_score, ordered, worst_status


@pytest.fixture
def doc_with(make_doc):
    """A document with projections given as (status, score, margin)."""

    def doc_with(*found):
        words = " ".join(["x"] * max(len(found), 1))
        doc = make_doc(
            words,
            words,
            entities=[(i, i + 1, "PER") for i in range(len(found))],
            links=[],
            projections=[
                (i, "PER", status, *((i, i + 1) if status == "projected" else (None, None)), score)
                for i, (status, score, _) in enumerate(found)
            ],
        )
        view = doc._.xproj["en"]
        margins = [margin for _, _, margin in found]
        doc._.xproj["en"] = view.replace(
            projections=tuple(
                p._replace(margin=m) for p, m in zip(view.projections, margins, strict=True)
            )
        )
        return doc

    return doc_with


def test_the_lowest_score_counts_and_one_that_was_not_projected_is_0(doc_with):
    assert least_score(doc_with(("projected", 0.9, 0.5), ("projected", 0.6, 0.5))) == 0.6
    assert least_score(doc_with(("projected", 0.9, 0.5), ("unaligned", None, None))) == 0.0
    assert least_score(doc_with(("projected", 0.9, None), ("ignored_label", None, None))) == 0.9
    assert least_score(doc_with()) == NOTHING


def test_the_lowest_margin(doc_with):
    assert least_margin(doc_with(("projected", 0.9, 0.5), ("projected", 0.6, 0.4))) == 0.4
    assert least_margin(doc_with(("projected", 0.6, None))) == 0.6
    assert least_margin(doc_with(("overlap", None, None))) == 0.0


def test_statuses_from_bad_to_good(doc_with):
    kinds = [doc_with((s, None, None)) for s in ("error", "overlap", "unaligned", "projected")]
    keys = [worst_status(doc) for doc in kinds]
    assert keys == sorted(keys)
    assert len(set(keys)) == 4


def test_what_is_alike_stays_in_its_order(doc_with):
    docs = [doc_with(("projected", s, 0.5)) for s in (0.5, 0.2, 0.5, 0.1)]
    assert ordered(docs, None) == [0, 1, 2, 3]
    assert ordered(docs, "score") == [3, 1, 0, 2]
    assert ordered(docs, "margin") == [0, 1, 2, 3]
