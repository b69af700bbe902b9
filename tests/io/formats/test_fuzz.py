"""Every registered format: damaged files raise the project's own errors and no others, and what a
format can hold comes back from it. A new format is covered when it is registered.

``python -m benchmarks fuzz`` does the former with as many files as one likes."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.mutations import mutate
from benchmarks.fuzz.readers import sample_files, try_reading
from spacy_xproj.data.labels import is_labelled, open_words
from spacy_xproj.errors import XProjError
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
    files = [(path, path.read_bytes()) for _, path in sample_files(folder)]
    assert all(try_reading(path) for path, _ in files)
    return folder, files


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_files_raise_nothing_but_own_errors(samples, suffix, seed):
    folder, files = samples
    for path, data in files:
        if path.suffix == suffix:
            damaged = folder / f"damaged{suffix}"
            damaged.write_bytes(mutate(data, random.Random(seed)))
            try_reading(damaged)


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


def known(doc):
    """What is said of a document: its words, its entities, and which words are open."""
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
        docs = docs or [make(["a"])]
    write_docs(docs, path)
    back = read_docs(path, lang="xx")
    # What is not labelled may be read with another tokenisation: a format need not keep words.
    assert [known(doc) for doc in back] == [known(doc) for doc in docs]


@pytest.mark.parametrize("suffix", WRITABLE)
@pytest.mark.parametrize("unknown", [[0, 1], [1]], ids=["not labelled", "a word open"])
def test_what_is_open_is_never_written_as_outside(make, tmp_path, suffix, unknown):
    docs = [make(["a"]), set_entities(make(["c", "d"]), [], unknown=unknown)]
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
