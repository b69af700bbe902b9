"""Every registered format: damaged files raise the project's own errors and no others, and what a
format can hold comes back from it. A new format is covered when it is registered.

``python -m benchmarks fuzz`` does the former with as many files as one likes."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.readers import damage, sample_files, try_reading
from spacy_xproj.data.labels import is_labelled, open_words
from spacy_xproj.data.span_groups import Shape, read_group, write_group
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.char_spans import char_shapes
from spacy_xproj.io.formats.files import all_formats, can_hold, read_docs, write_docs
from spacy_xproj.text.tokenizers import set_entities

SUFFIXES = sorted({suffix for one in all_formats() for suffix in one.suffixes})
WRITTEN = [(one, suffix) for one in all_formats() for suffix in one.written[:1]]
WRITABLE = sorted(suffix for one in all_formats() for suffix in one.written)
NAMES = [one.name for one, _ in WRITTEN]
ODD = 'ab#\u0301é東ש\u200f\u200b\u200d\U0001f469[]-"\\&<\u00a0'
WORD = st.text(ODD, min_size=1, max_size=4).filter(lambda word: not word.isspace())


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    files = list(sample_files(folder))
    assert all(try_reading(path) for _, path in files)
    return files


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_damaged_files_raise_nothing_but_own_errors(samples, suffix, seed):
    files = [(one, path) for one, path in samples if path.name.endswith(suffix)]
    assert files
    for one, path in files:
        try_reading(damage(one, path, random.Random(seed)))


@st.composite
def labelled(draw):
    """Words, whether a blank follows each, entities, and words that are open (None: all)."""
    words = draw(st.lists(WORD, min_size=1, max_size=8))
    spaces = [draw(st.booleans()) for _ in words]
    borders = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    spans = [
        (start, end, draw(st.sampled_from(["PER", "B-X", "東"])))
        for start, end in pairwise(borders)
        if draw(st.booleans())
    ]
    inside = {i for start, end, _ in spans for i in range(start, end)}
    outside = [i for i in range(len(words)) if i not in inside]
    unknown = draw(st.just(set()) | st.sets(st.sampled_from(outside))) if outside else set()
    return words, spaces, spans, unknown if draw(st.integers(0, 4)) else None


# These keep the text, and not how it was cut into words.
TEXT_ONLY = {"brat standoff"}


def known(doc, format):
    """What is said of a document: its words, its entities, and which words are open."""
    if format.name in TEXT_ONLY:
        return doc.text, [(ent.text.strip(), ent.label_) for ent in doc.ents], bool(open_words(doc))
    entities = [(ent.start, ent.end, ent.label_) for ent in doc.ents]
    return [token.text for token in doc], entities, open_words(doc)


@pytest.mark.parametrize(
    ("format", "suffix"), WRITTEN, ids=lambda value: getattr(value, "name", value)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given_docs=st.lists(labelled(), min_size=1, max_size=4))
def test_no_sentence_and_no_label_is_lost(make, tmp_path_factory, format, suffix, given_docs):
    docs = []
    for words, spaces, spans, unknown in given_docs:
        doc = make(words, [], spaces)
        doc.set_ents([], default="missing")
        docs.append(doc if unknown is None else set_entities(doc, spans, unknown=unknown))
    path = tmp_path_factory.getbasetemp() / f"back{suffix}"
    if not all(can_hold(docs, path)):
        with pytest.raises(XProjError, match="XP666"):
            write_docs(docs, path)
        docs = [doc for doc, held in zip(docs, can_hold(docs, path), strict=True) if held]
    docs = docs if format.holds_empty and docs else [*docs, make(["a"], [(0, 1, "X")])]
    write_docs(docs, path)
    back = read_docs(path, lang="xx")
    assert [known(doc, format) for doc in back] == [known(doc, format) for doc in docs]


@st.composite
def shaped(draw):
    """Words, whether a blank follows each, and spans that overlap, perhaps some in pieces."""
    words = draw(st.lists(WORD, min_size=1, max_size=8))
    spaces = [draw(st.booleans()) for _ in words]
    places = st.sets(st.integers(0, len(words) - 1), min_size=1, max_size=4)
    spans = draw(st.lists(st.tuples(places, st.sampled_from(["PER", "B-X", "東"])), max_size=5))
    return words, spaces, sorted({Shape.of_words(own, label) for own, label in spans})


HOLD_SPANS = [(one, suffix) for one, suffix in WRITTEN if one.holds_spans]


@pytest.mark.parametrize(
    ("format", "suffix"), HOLD_SPANS, ids=lambda value: getattr(value, "name", value)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given_docs=st.lists(shaped(), min_size=1, max_size=4))
def test_no_span_of_any_shape_is_lost(make, tmp_path_factory, format, suffix, given_docs):
    docs = []
    for words, spaces, shapes in given_docs:
        doc = make(words, [], spaces)
        flat = [shape for shape in shapes if not shape.pieces]
        write_group(doc, "sc", shapes if format.holds_pieces else flat)
        docs.append(doc)
        if not format.holds_pieces and flat != shapes:
            other = make(words, [], spaces)
            write_group(other, "sc", shapes)
            with pytest.raises(XProjError, match="XP528"):
                write_docs([other], f"other{suffix}", spans_key="sc")
    if not format.holds_empty:
        docs.append(make(["a"]))
        write_group(docs[-1], "sc", [Shape(0, 1, "X")])
    path = tmp_path_factory.getbasetemp() / f"back{suffix}"
    write_docs(docs, path, spans_key="sc")
    back = read_docs(path, lang="xx", spans_key="sc")
    assert [shapes_of(doc, format) for doc in back] == [shapes_of(doc, format) for doc in docs]


def shapes_of(doc, format):
    """The spans of a document, and its words."""
    if format.name not in TEXT_ONLY:
        return [token.text for token in doc], read_group(doc, "sc")
    found = []
    for shape in char_shapes(doc, "sc"):
        bare = ["".join(doc.text[a:b].split()) for a, b in shape.parts]
        found.append(("".join(bare), shape.label))
    return doc.text, sorted(found)


@pytest.mark.parametrize("suffix", WRITABLE)
@pytest.mark.parametrize("unknown", [[0, 1], [1]], ids=["not labelled", "a word open"])
def test_what_is_open_is_never_written_as_outside(make, tmp_path, suffix, unknown):
    docs = [make(["a"], [(0, 1, "X")]), set_entities(make(["c", "d"]), [], unknown=unknown)]
    path = tmp_path / f"a{suffix}"
    if all(can_hold(docs, path)):
        write_docs(docs, path)
        back = read_docs(path, lang="xx")
        assert [is_labelled(doc) for doc in back] == [True, len(unknown) < 2]
        assert [open_words(doc) for doc in back] == [[], unknown]
    else:
        with pytest.raises(XProjError, match=r"XP666.*1 of 2 .*: number 2\."):
            write_docs(docs, path)
        assert not path.exists()
