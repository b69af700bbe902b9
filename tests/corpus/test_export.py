"""A folder of formats and splits, from a labelled corpus."""

import json

import pytest
import spacy
import srsly
from spacy.tokens import Doc, Span

from spacy_xproj.corpus.export import export, parse_formats
from spacy_xproj.corpus.selection import Criteria
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs

pytest.importorskip("pyarrow", reason="needs the extra [hf]")

FORMATS = ("spacy", "iob2", "jsonl", "label-studio", "hf")
VOCAB = spacy.blank("sw").vocab
SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


def document(i, score):
    """A person, and the view that the label came from."""
    doc = Doc(VOCAB, words=["Asha", f"n{chr(97 + i)}", "👍🏽"], spaces=[True, False, False])
    doc.set_ents([Span(doc, 0, 1, label="PER")])
    view = SourceView("en", ("Asha",), (False,)).with_entities([(0, 1, "PER")])
    projection = Projection(0, "PER", Status.PROJECTED, 0, 1, 0, 4, score)
    doc._.xproj["en"] = view.replace(projections=(projection,))
    return doc


@pytest.fixture
def docs():
    """Twenty documents with scores from 0 to 0.95."""
    return [document(i, i / 20) for i in range(20)]


def chars(docs):
    return [(d.text, [(e.start_char, e.end_char, e.label_) for e in d.ents]) for d in docs]


def every_byte(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_split_in_every_format(docs, tmp_path):
    out = tmp_path / "out"
    summary = export(docs, out, lang="sw", formats=FORMATS, shares=SHARES)
    splits = {name: read_docs(out / f"{name}.spacy", lang="sw") for name in SHARES}
    assert sum(map(len, splits.values())) == 20
    for name, own in splits.items():
        assert own[0]._.xproj["en"].projections[0].status is Status.PROJECTED
        assert summary["splits"][name] == {
            "documents": len(own),
            "without_entities": 0,
            "tokens": 3 * len(own),
            "entities": {"PER": len(own)},
        }
        for path in (f"{name}.jsonl", f"{name}.json", f"hf/data/{name}-00000-of-00001.parquet"):
            assert chars(read_docs(out / path, lang="sw", labelled=True)) == chars(own)
        columns = read_docs(out / f"{name}.iob2", lang="sw", labelled=True)
        assert [[t.text for t in d] for d in columns] == [[t.text for t in d] for d in own]
    assert sorted(summary["files"]) == sorted(map(str, every_byte(out)))
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == summary
    assert '<Label value="PER"/>' in (out / "label_studio.xml").read_text(encoding="utf-8")


def test_scores_reach_the_people_who_check(docs, tmp_path):
    export(docs[5:6], tmp_path / "out", lang="sw", formats=["label-studio", "hf"])
    (task,) = json.loads((tmp_path / "out" / "train.json").read_text(encoding="utf-8"))
    assert task["predictions"][0]["result"][0]["score"] == 0.25
    import pyarrow.parquet as pq

    table = pq.read_table(tmp_path / "out" / "hf" / "data" / "train-00000-of-00001.parquet")
    assert table["spans"][0].as_py()[0]["score"] == 0.25


def test_nothing_is_dropped_silently(docs, tmp_path):
    out = tmp_path / "out"
    criteria = Criteria(min_confidence=0.5, dedup="near")
    summary = export([*docs, docs[-1]], out, lang="sw", formats=["spacy", "hf"], criteria=criteria)
    assert (summary["read"], summary["kept"]) == (21, 10)
    assert summary["dropped"] == {"low-confidence": 10, "near-duplicate": 1}
    rows = list(srsly.read_jsonl(out / "dropped.jsonl"))
    assert [row["row"] for row in rows] == [*range(10), 20]
    assert rows[0]["entities"] == [{"start": 0, "end": 4, "label": "PER", "score": 0.0}]
    assert rows[-1]["repeats"] == 19
    assert list(srsly.read_jsonl(out / "unlabelled.jsonl")) == []
    card = (out / "hf" / "README.md").read_text(encoding="utf-8")
    assert "10 of 21 documents were kept; left out: low-confidence 10, near-duplicate 1." in card


def test_entities_taken_away_are_listed(docs, tmp_path):
    out = tmp_path / "out"
    criteria = Criteria(min_confidence=0.9, on_low="missing")
    summary = export(docs, out, lang="sw", criteria=criteria)
    assert (summary["kept"], summary["unlabelled"]) == (20, {"low-confidence": 18})
    taken = list(srsly.read_jsonl(out / "unlabelled.jsonl"))
    assert taken[0] == {
        "row": 0, "start_char": 0, "end_char": 4, "text": "Asha", "label": "PER",
        "score": 0.0, "reason": "low-confidence",
    }  # fmt: skip
    first = read_docs(out / "train.spacy", lang="sw")[0]
    assert [token.ent_iob for token in first] == [0, 2, 2]


def test_a_format_that_cannot_leave_an_entity_open_is_refused(docs, tmp_path):
    criteria = Criteria(min_confidence=0.5, on_low="missing")
    with pytest.raises(XProjError, match=r"XP666.*10 of 20 documents.*train\.iob2"):
        export(docs, tmp_path / "out", lang="sw", formats=["spacy", "iob2"], criteria=criteria)
    assert not (tmp_path / "out").exists()


def test_the_same_input_gives_the_same_bytes(docs, tmp_path):
    for name in ("a", "b"):
        export(docs, tmp_path / name, lang="sw", formats=FORMATS, shares=SHARES)
    assert every_byte(tmp_path / "a") == every_byte(tmp_path / "b")


def test_an_earlier_export_is_replaced_only_if_one_says_so(docs, tmp_path):
    out = tmp_path / "out"
    export(docs, out, lang="sw", shares=SHARES)
    with pytest.raises(XProjError, match=r"XP664.*--overwrite"):
        export(docs, out, lang="sw")
    export(docs, out, lang="sw", overwrite=True)
    assert sorted(p.name for p in out.glob("*.spacy")) == ["train.spacy"]


def test_a_folder_of_other_things_is_never_replaced(docs, tmp_path):
    for name, content in (("notes.txt", "mine"), ("summary.json", '{"kind": "other"}')):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(XProjError, match="XP664"):
            export(docs, tmp_path, lang="sw", overwrite=True)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_what_fails_leaves_nothing_behind(docs, tmp_path):
    with pytest.raises(XProjError, match=r"XP840.*low-confidence 20"):
        export(docs, tmp_path / "out", lang="sw", criteria=Criteria(min_confidence=2))
    with pytest.raises(XProjError, match="XP652"):
        export(docs[:1], tmp_path / "out", lang="sw", shares=SHARES)
    bad = Doc(VOCAB, words=[" ", "a"])
    bad.set_ents([Span(bad, 0, 1, label="PER")])
    with pytest.raises(XProjError, match="XP608"):
        export([bad], tmp_path / "out", lang="sw", formats=["spacy", "iob2"])
    assert list(tmp_path.iterdir()) == []


def test_lists_of_formats():
    assert parse_formats(["spacy,iob2", "iob2", " hf "]) == ["spacy", "iob2", "hf"]
    with pytest.raises(XProjError, match=r"XP150.*'xml'.* hf, .*jsonl, label-studio, .*spacy"):
        parse_formats(["spacy,xml"])
