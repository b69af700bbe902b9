"""``spacy xproj export``, and ``convert`` with the formats for other tools."""

import json

import pytest
import srsly

from spacy_xproj.io.formats.files import read_docs

LANGS = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links.pharaoh")


@pytest.fixture
def labelled(done):
    """Three projected sentences; "Dodoma" has no link in the first."""
    done("project", "en.conll", "sw.conll", "all.spacy", *LANGS)
    return "all.spacy"


def test_formats_filters_and_counts(done, folder, labelled):
    pytest.importorskip("pyarrow", reason="needs the extra [hf]")
    more = ("--format", "spacy,iob2", "--format", "jsonl,label-studio,hf", "--lang", "sw")
    output = done("export", labelled, "out", *more, "--max-empty-share", "0")
    assert "3 documents read, 2 kept" in output
    assert "1 documents dropped: empty" in output
    assert "train          2                 0    1    1    1" in output
    assert "wrote out: dropped.jsonl, hf/README.md, hf/data/train-00000-of-00001.parquet" in output
    assert len(read_docs("out/train.spacy", lang="sw")) == 2
    assert len(json.loads((folder / "out" / "train.json").read_text(encoding="utf-8"))) == 2
    (dropped,) = srsly.read_jsonl("out/dropped.jsonl")
    assert (dropped["row"], dropped["reasons"]) == (2, ["empty"])


def test_complete_and_sure_documents_only(done, folder, labelled):
    (folder / "links.pharaoh").write_text("0-0 1-1\n0-2 1-0 2-3\n1-0\n", encoding="utf-8")
    done("project", "en.conll", "sw.conll", "all.spacy", *LANGS)
    output = done("export", "all.spacy", "out", "--filter", "complete")
    assert "1 documents dropped: complete" in output
    assert "all.spacy" not in output
    output = done(
        "export", "all.spacy", "out", "--min-confidence", "0.964", "--on-low", "missing",
        "--overwrite",
    )  # fmt: skip
    assert "1 entities taken away: low-confidence" in output
    (taken,) = srsly.read_jsonl("out/unlabelled.jsonl")
    assert taken["text"] == "Benki ya Kijani"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--format", "xml"), "XP150"),
        (("--split", "0.5,0.1"), "XP651"),
        (("--filter", "whole"), "XP150"),
        (("--dedup", "fuzzy"), "XP150"),
        (("--max-empty-share", "3"), "XP152"),
        (("--on-low", "guess"), "XP150"),
        (("--without-views", "maybe"), "XP150"),
    ],
)
def test_settings_are_checked_before_the_input_is_read(refused, more, code):
    assert code in refused("export", "none.spacy", "out", *more)


def test_a_folder_in_use_is_refused_before_the_input_is_read(refused, folder):
    assert "XP664" in refused("export", "none.spacy", ".")


def test_the_seed_decides_the_splits(done, folder):
    rows = "".join(f"Asha{chr(97 + i)}\tB-PER\n\n" for i in range(20))
    (folder / "many.conll").write_text(rows, encoding="utf-8")
    for seed in "012":
        done(
            "export",
            "many.conll",
            f"out{seed}",
            "--split",
            "0.5,0.5",
            "--seed",
            seed,
            "--lang",
            "sw",
        )
    found = [(folder / f"out{seed}" / "dev.spacy").read_bytes() for seed in "012"]
    assert len(set(found)) == 3


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_convert_there_and_back(done, folder, suffix):
    if suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="needs the extra [hf]")
    done("convert", "en.conll", f"a{suffix}")
    done("convert", f"a{suffix}", "back.conll")
    assert (folder / "back.conll").read_text() == (folder / "en.conll").read_text() + "\n"


def test_what_says_nothing_of_documents_without_scores_is_told(done, folder, labelled):
    output = done("export", "en.conll", "gold", "--lang", "en", "--min-confidence", "0.5")
    assert "3 of these have no source view" in output
    assert "--without-views drop" in output
    summary = json.loads((folder / "gold/summary.json").read_text(encoding="utf-8"))
    assert summary["kept_without_views"] == 3
    output = done("export", labelled, "out", "--on-low", "missing")
    assert "--on-low missing changes nothing without a least score" in output
    assert "source view" not in output
