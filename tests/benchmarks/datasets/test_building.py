"""From marked sentences to DocBins and a bitext."""

import pytest
import srsly

from benchmarks.datasets.building import build_corpus
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs

TRAIN = [
    {
        "id": "a",
        "en": "[Asha](PER) sings in [Berlin](LOC).",
        "af": "[Asha](PER) sing in [Berlyn](LOC).",
    },
    {"id": "b", "en": "It rains.", "af": "Dit reën."},
]
TEST = [{"id": "c", "en": "[Juma](PER) slept.", "af": "[Juma](PER) het geslaap."}]


@pytest.fixture
def marked(tmp_path):
    srsly.write_jsonl(tmp_path / "train.jsonl", TRAIN)
    srsly.write_jsonl(tmp_path / "test.jsonl", TEST)
    return tmp_path


def test_one_docbin_per_language_and_split(marked, tmp_path):
    written = list(build_corpus(marked, tmp_path / "out", langs=["en", "af"]))
    assert [(path.name, docs, entities) for path, docs, entities in written] == [
        ("en-test.spacy", 1, 1),
        ("af-test.spacy", 1, 1),
        ("en-train.spacy", 2, 2),
        ("af-train.spacy", 2, 2),
        ("en-all.spacy", 3, 3),
        ("af-all.spacy", 3, 3),
    ]
    docs = read_docs(tmp_path / "out" / "af-train.spacy", lang="af")
    assert [[e.text for e in doc.ents] for doc in docs] == [["Asha", "Berlyn"], []]


def test_the_bitext_holds_plain_text_of_all_splits(marked, tmp_path):
    list(build_corpus(marked, tmp_path / "out", langs=["en", "af"]))
    assert list(srsly.read_jsonl(tmp_path / "out" / "bitext.jsonl")) == [
        {"en": "Juma slept.", "af": "Juma het geslaap."},
        {"en": "Asha sings in Berlin.", "af": "Asha sing in Berlyn."},
        {"en": "It rains.", "af": "Dit reën."},
    ]


def test_a_folder_without_marked_files(tmp_path):
    with pytest.raises(XProjError, match=r"XP645.*train\.jsonl"):
        list(build_corpus(tmp_path, tmp_path / "out", langs=["en"]))
