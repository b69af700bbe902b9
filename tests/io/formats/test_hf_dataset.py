"""Parquet as Hugging Face's library writes and reads it."""

import json
import sys

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.char_spans import ONLY_BLANKS, TRIMMED
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.formats.hf_dataset import read_parquet, write_hf_dataset, write_parquet
from spacy_xproj.io.notes import collected

pa = pytest.importorskip("pyarrow", reason="needs the extra [hf]")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra [hf]")


@pytest.fixture
def docs(make):
    """Two labels, an empty document, and a document without entities."""
    return [
        make(["Asha", "left", "Dar", "es", "Salaam"], [(0, 1, "PER"), (2, 5, "LOC")]),
        make([]),
        make(["ok", "."], [], [False, False]),
    ]


def test_what_the_hub_library_loads(docs, tmp_path, content):
    datasets = pytest.importorskip("datasets", reason="needs the package datasets")
    notes = ["How it was made."]
    splits = {"train": docs, "test": docs[:1]}
    scores = {"train": [[0.5, None], [], []], "test": [[0.5, None]]}
    paths = write_hf_dataset(splits, tmp_path / "hf", lang="sw", scores=scores, notes=notes)
    assert [path.relative_to(tmp_path / "hf").as_posix() for path in paths] == [
        "README.md",
        "data/train-00000-of-00001.parquet",
        "data/test-00000-of-00001.parquet",
    ]
    loaded = datasets.load_dataset(str(tmp_path / "hf"), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == {"train": 3, "test": 1}
    tags = loaded["train"].features["ner_tags"].feature
    assert isinstance(tags, datasets.ClassLabel)
    assert tags.names == ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    first = loaded["train"][0]
    assert first == {
        "text": docs[0].text,
        "tokens": ["Asha", "left", "Dar", "es", "Salaam"],
        "spaces": [True] * 5,
        "ner_tags": [3, 0, 1, 2, 2],
        "spans": [
            {"start": 0, "end": 4, "label": "PER", "score": 0.5},
            {"start": 10, "end": 23, "label": "LOC", "score": None},
        ],
    }
    again = tmp_path / "again.parquet"
    loaded["train"].to_parquet(str(again))
    assert list(map(content, read_parquet(again, lang="sw"))) == list(map(content, docs))


def test_the_card_counts_and_escapes(make, tmp_path):
    doc = make(["a"], [(0, 1, "A|<b>")])
    write_hf_dataset({"train": [doc, doc]}, tmp_path / "hf", lang="sw", notes=["A *note*."])
    card = (tmp_path / "hf" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlanguage:\n")
    assert "| split | documents | A\\|\\<b\\> |\n| --- | --- | --- |\n| train | 2 | 2 |" in card
    assert "A *note*." in card
    write_hf_dataset({"train": [doc]}, tmp_path / "any", lang="xx")  # no code of one language
    assert "language" not in (tmp_path / "any" / "README.md").read_text(encoding="utf-8")


def test_the_same_documents_give_the_same_bytes(docs, tmp_path):
    for name in ("a", "b"):
        write_parquet(docs, tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_nothing_in_it_is_pickled(docs, tmp_path):
    write_parquet(docs, tmp_path / "a.parquet")
    schema = pq.read_schema(tmp_path / "a.parquet")
    assert set(schema.metadata) == {b"huggingface"}
    assert str(schema.field("spans").type).startswith("list<element: struct<start: int64")


def table(tmp_path, name="a.parquet", **columns):
    pq.write_table(pa.table(columns), tmp_path / name)
    return tmp_path / name


def test_tags_as_strings_and_no_spaces(tmp_path):
    path = table(tmp_path, tokens=[["Asha", "left"], []], ner_tags=[["B-PER", "O"], []])
    first, second = read_docs(path, lang="sw", labelled=True)
    assert (first.text, second.text) == ("Asha left", "")
    assert [(e.text, e.label_) for e in first.ents] == [("Asha", "PER")]


@pytest.mark.parametrize(
    ("text", "read", "told"),
    [
        ("Ana  Bok left.", "Ana  Bok left.", 0),
        ("Ana Bok left .", "Ana Bok left .", 0),
        ("ANA BOK LEFT.", "Ana Bok left .", 1),  # as it was before it was cut
    ],
)
def test_blanks_are_those_of_the_text(tmp_path, text, read, told):
    tags = [["B-PER", "I-PER", "O", "O"]]
    path = table(tmp_path, text=[text], tokens=[["Ana", "Bok", "left", "."]], ner_tags=tags)
    with collected() as notes:
        [doc] = read_docs(path, lang="en")
    assert doc.text == read
    assert [(e.text.split(), e.label_) for e in doc.ents] == [(["Ana", "Bok"], "PER")]
    assert len(notes.lines()) == told


@pytest.mark.parametrize(
    "names",
    [
        ["O", "B-PER", "I-PER"],
        ["O", "B-PER", "M-PER", "E-PER", "S-PER"],
        ["O", "B-PER", "I-PER", "L-PER", "U-PER"],
        ["O", "B_PER", "I_PER"],
        ["o", "b-PER", "i-PER"],
        ["O", "PER-B", "PER-I"],
    ],
)
@pytest.mark.parametrize("numbers", [False, True])
def test_tags_of_other_schemes(tmp_path, names, numbers):
    end = next((tag for tag in names if set(tag.split("-")) & {"E", "L"}), names[2])
    rows = [[names[1], end, names[0]], [names[0]]]
    meta = {"info": {"features": {"ner_tags": {"feature": {"names": names}}}}}
    given = [[names.index(tag) for tag in row] for row in rows] if numbers else rows
    made = pa.table({"tokens": [["Ana", "Bok", "left"], ["left"]], "ner_tags": given})
    if numbers:
        made = made.replace_schema_metadata({"huggingface": json.dumps(meta)})
    pq.write_table(made, tmp_path / "a.parquet")
    docs = read_docs(tmp_path / "a.parquet", lang="en")
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [[("Ana Bok", "PER")], []]


def test_blanks_at_the_edges_of_tagged_entities_are_left_out_and_noted(tmp_path):
    tags = ["B-PER", "I-PER", "I-PER", "O", "B-PER"]
    spans = [{"start": a, "end": b, "label": "PER"} for a, b in ((0, 7), (9, 10))]
    columns = {"tokens": [["\u00a0", "Ana", "\n", "a", " "]], "ner_tags": [tags]}
    spaces = [[True, True, False, True, False]]
    for more in ({}, {"spaces": spaces, "spans": [spans]}):
        path = table(tmp_path, **columns, **more)
        with collected() as notes:
            (doc,) = read_docs(path, lang="en")
        assert [ent.text for ent in doc.ents] == ["Ana"]
        assert [line.partition(" (")[0] for line in notes.lines()] == [
            f"1 x {TRIMMED}",
            f"1 x {ONLY_BLANKS}",
        ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"tokens": [["a"]]}, "XP661.*no column ner_tags among tokens"),
        ({"tokens": [["a"]], "ner_tags": [[1]]}, "XP662.*:1: .*no names of the tags"),
        ({"tokens": [["a"], ["a"]], "ner_tags": [["O"], ["X"]]}, "XP662.*:2: "),
        ({"tokens": [["a", "b"]], "ner_tags": [["O"]]}, "XP662.*2 tokens, 2 spaces and 1 tags"),
        ({"tokens": [["a", ""]], "ner_tags": [["O", "O"]]}, "XP662.*token without text"),
    ],
)
def test_tables_that_do_not_hold(tmp_path, columns, message):
    with pytest.raises(XProjError, match=message):
        list(read_parquet(table(tmp_path, **columns), lang="sw"))


@pytest.mark.parametrize("spans", [[], [{"start": 0, "end": 3, "label": "PER"}]])
def test_tags_and_spans_that_differ_are_not_chosen_from(tmp_path, spans):
    columns = {"tokens": [["Asha", "left"]], "spaces": [[True, False]], "spans": [spans]}
    path = table(tmp_path, ner_tags=[["B-PER", "O"]], **columns)
    with pytest.raises(XProjError, match=r"XP662.*ner_tags say \[0, 4, 'PER'\], spans"):
        read_docs(path, lang="sw")


def test_a_file_that_is_none(write):
    with pytest.raises(XProjError, match=r"XP661.*a\.parquet is not a Parquet file"):
        read_docs(write("a.parquet", b"PAR1 not really"), lang="sw")


def test_without_pyarrow_it_says_what_to_install(make, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(XProjError, match=r"XP660.*pip install 'spacy-xproj\[hf\]'"):
        write_parquet([make(["a"])], tmp_path / "a.parquet")
