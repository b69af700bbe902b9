"""A document with one finished view, and views of every kind."""

import pytest
import spacy
from hypothesis import strategies as st
from spacy.tokens import Doc

from spacy_xproj import Links, Projection, SourceView, Status
from spacy_xproj.data.status import ViewStatus

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def source_views(draw):
    """Views at any stage: translated, tagged, aligned, projected, or without a sentence."""
    words = draw(st.lists(TEXT | st.sampled_from([" ", "\x1f", "a"]), max_size=6))
    view = SourceView(
        lang=draw(st.sampled_from(["en", "de", "pt-br"])),
        words=tuple(words),
        spaces=tuple(draw(st.booleans()) for _ in words),
        status=draw(st.sampled_from(ViewStatus)),
        reason=draw(st.just("") | TEXT),
        ignored=draw(st.dictionaries(TEXT, st.integers(1, 9), max_size=2)),
        provenance=draw(st.dictionaries(TEXT, PLAIN, max_size=3)),
        row=draw(st.none() | st.integers(0, 10**6)),
    )
    score = st.none() | st.floats(-2, 2) | st.integers(0, 10**6).map(lambda i: i / 10**6)
    if draw(st.booleans()):
        borders = st.tuples(st.integers(0, len(words)), st.integers(0, len(words)))
        spans = draw(st.lists(borders.map(sorted).filter(lambda b: b[0] < b[1]), max_size=3))
        view = view.with_entities((*span, draw(TEXT), draw(score)) for span in spans if words)
        if len(words) > 2 and draw(st.booleans()):
            spread = (0, len(words), draw(TEXT), draw(score), ((0, 1), (2, len(words))))
            view = view.with_entities([*((*e[:3], *e[5:]) for e in view.entities), spread])
    if draw(st.booleans()):
        strength = st.just(1.0) | st.integers(1, 10**4).map(lambda i: i / 10**4)
        strength = draw(st.sampled_from([strength, st.floats(0, 1, exclude_min=True)]))
        link = st.tuples(*[st.integers(0, draw(st.sampled_from([9, 255, 999])))] * 2, strength)
        view = view.replace(links=Links(draw(st.lists(link, max_size=5))))
    if draw(st.booleans()):
        second = st.none() | st.tuples(*[st.integers(0, 99)] * 2)
        pieces = st.just(()) | st.just(((0, 1), (4, 6)))
        placed = st.tuples(
            *[st.none() | st.integers(0, 99)] * 4, score, TEXT, second, score, pieces
        )
        rest = st.tuples(st.integers(0, 5), TEXT, st.sampled_from(Status))
        projections = draw(st.lists(st.tuples(rest, placed), max_size=3))
        view = view.replace(projections=tuple(Projection(*a, *b) for a, b in projections))
    return view


@pytest.fixture
def view() -> SourceView:
    words = ("President", "Samia", "visited", "Dodoma", ".")
    return SourceView("en", words, (True, True, True, False, False)).with_entities(
        [(1, 2, "PER", 0.99), (3, 4, "LOC")]
    )


@pytest.fixture
def doc(view) -> Doc:
    """A Swahili sentence with one finished view."""
    doc = spacy.blank("sw")("Rais Samia alitembelea Dodoma.")
    doc._.xproj["en"] = view.replace(
        links=Links([(0, 0), (1, 1)]),
        projections=(
            Projection(0, "PER", Status.PROJECTED, 1, 2, 5, 10, 0.875),
            Projection(1, "LOC", Status.UNALIGNED, reason="no target word is linked to it"),
        ),
        provenance={"aligner": {"layers": [7, 8], "model": "e5"}},
        ignored={"DATE": 2},
    )
    return doc
