"""Labels that are tags of words are told from labels that look a little like them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.formats.tag_labels import check_labels
from spacy_xproj.io.notes import collected


@pytest.mark.parametrize(
    "labels",
    [
        "PER O",
        "B-PER I-PER",
        "LOC B-PER I-PER",
        "B_PER I_PER",
        "b-per i-per",
        "PER-B PER-I",
        "B-PER M-PER E-PER S-PER",
        "B-X E-X",
        "U-PER L-PER B-PER",
        "B-PER B-LOC",
        "B-PER",
        "B-PER PER",
        "PER:0.93",
        "LOC PER:0.93",
        "B-PER:0.93",
    ],
)
def test_tags_are_not_labels(labels):
    with pytest.raises(XProjError, match=r"XP678.*the label"):
        check_labels("a", dict.fromkeys(labels.split(), "a:1"))


@pytest.mark.parametrize(
    "labels",
    [
        *("PER LOC", "E-MAIL", "E-MAIL S-BAHN", "I-95", "VITAMIN-B VITAMIN-E", "B-cell T-cell"),
        *("PER B-X", "X B-X", "I-X", "OTHER", "v1.0", "GPE-LOC B", "TITLE_I TITLE_II", ""),
    ],
)
def test_labels_are_not_tags(labels):
    check_labels("a", dict.fromkeys(labels.split(), "a:1"))


@pytest.mark.parametrize(
    "labels",
    [
        *("B-cell", "PER-B", "PER_I", "U-PER", "S-PER", "L-PER", "M-PER", "I-LOC", "B", "_"),
        *("PER-B LOC-B", "S-PER S-LOC"),
    ],
)
def test_labels_that_may_be_tags_of_one_kind_are_told(labels):
    with collected() as notes:
        check_labels("a", dict.fromkeys(labels.split(), "a:1"))
    assert re.search("looks? like (a tag|tags)", notes.lines()[0])


@pytest.mark.parametrize(
    "labels", ["E-MAIL", "S-BAHN", "I-95", "VITAMIN-B", "PER", "GPE-LOC B", ""]
)
def test_other_labels_are_not_told(labels):
    with collected() as notes:
        check_labels("a", dict.fromkeys(labels.split(), "a:1"))
    assert notes.lines() == []


@given(
    names=st.sets(st.sampled_from(["PER", "LOC", "Rail-Way", "A_B"]), min_size=1),
    letters=st.sampled_from(["BI", "BME", "BIL", "BIE"]),
    form=st.sampled_from(["{letter}-{name}", "{letter}_{name}", "{name}-{letter}"]),
)
def test_tags_of_any_scheme_are_found(names, letters, form):
    labels = [form.format(letter=letter, name=name) for name in sorted(names) for letter in letters]
    with pytest.raises(XProjError, match="XP678"):
        check_labels("a", dict.fromkeys(labels, "a:1"))


HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.NamedEntity|value\n\n\n#Text=Ana Bok left\n"
ROWS = "1-1\t0-3\tAna\tB-PER\t\n1-2\t4-7\tBok\tI-PER\t\n1-3\t8-12\tleft\tO\t\n"
RECORD = {"text": "Ana Bok left", "spans": [[0, 3, "B-PER"], [4, 7, "I-PER"], [8, 12, "O"]]}


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("a.tsv", HEAD + ROWS, "a.tsv:5"),
        ("a.jsonl", json.dumps({"text": "a"}) + "\n" + json.dumps(RECORD), "a.jsonl:2"),
        ("a.json", json.dumps([RECORD]), "a.json:1"),
    ],
)
def test_they_are_named_in_every_format(write, name, content, where):
    path = write(name, content)
    with pytest.raises(XProjError, match="XP678") as error:
        read_docs(path, lang="en")
    assert where in str(error.value)
    assert len(read_docs(path, lang="en", ignore_labels=True)) >= 1
