"""Schemes of tags: one a file, found from some of its tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.io.formats.tag_schemes import BARE_LABEL, SCHEMES, STANDARD, find_scheme

FORMS = {
    "B-PER": "{letter}-{label}",
    "B_PER": "{letter}_{label}",
    "PER-B": "{label}-{letter}",
    "PER_B": "{label}_{letter}",
}


@pytest.mark.parametrize("form", FORMS)
@given(label=st.sampled_from(["PER", "GPE-X", "A_B", "Ort"]))
def test_the_letter_is_told_from_the_label(form, label):
    tags = [FORMS[form].format(letter=letter, label=label) for letter in "BI"]
    scheme = find_scheme(["O", *tags])
    assert scheme is not None
    assert [scheme.read(tag) for tag in ["O", *tags]] == ["O", f"B-{label}", f"I-{label}"]


def test_lower_case_and_bare_letters():
    lower = find_scheme(["o", "b-per", "i-per"])
    assert lower is not None
    assert (lower.read("o"), lower.read("b-per")) == ("O", "B-per")
    bare = find_scheme(["O", "B", "I"])
    assert bare is not None
    assert bare.read("B") == f"B-{BARE_LABEL}"


def test_bmes_is_read_in_the_terms_of_biluo():
    scheme = find_scheme(["O", "B-PER", "M-PER", "E-PER", "S-LOC"])
    assert scheme is not None
    assert [scheme.read(tag) for tag in ("M-PER", "E-PER", "S-LOC")] == ["I-PER", "E-PER", "S-LOC"]


@pytest.mark.parametrize(
    "tags",
    [
        ["O", "B-PER", "B_PER"],  # two kinds
        ["O", "PERSON"],
        ["o", "B-PER"],
        ["I_PER", "O"],  # nothing begins
        ["the", "end"],
        ["B-", "O"],
    ],
)
def test_what_is_not_certain_has_no_scheme(tags):
    assert find_scheme(tags) is None


def test_a_file_without_entities_is_of_the_usual_scheme():
    assert find_scheme(["O"]) is STANDARD
    assert find_scheme([]) is STANDARD


@given(st.text("BIO-_PERbio", max_size=6))
def test_what_is_read_is_a_tag(tag):
    for scheme in SCHEMES:
        read = scheme.read(tag)
        assert read is None or read == "O" or (read[0] in "BILEUS" and read[1] == "-" and read[2:])
