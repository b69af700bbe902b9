"""A student says where its labels come from, in the fields that `spacy package` makes a page of."""

import json

import pytest
import spacy
from spacy.cli.package import package
from spacy.cli.train import train
from spacy.tokens import Span
from spacy.util import get_minor_version_range

from spacy_xproj.about import __version__
from spacy_xproj.corpus.model_card import make_model_card
from spacy_xproj.data.access import Views
from spacy_xproj.data.provenance import Provenance
from spacy_xproj.data.views import SourceView
from spacy_xproj.io.formats.files import write_docs
from spacy_xproj.jobs.shipped import shipped_configs

OURS = f"spacy-xproj{get_minor_version_range(__version__)}"
TAGGER = {"tagger": "huggingface", "model": "facebook/m2m100_418M", "revision": None}


def write_corpus(path, lang="sw", *, views=True, spans=False):
    doc = spacy.blank(lang)("Asha aliondoka Dodoma")
    found = [Span(doc, 0, 1, "PER"), Span(doc, 2, 3, "LOC")]
    doc.set_ents([] if spans else found)
    if spans:
        doc.spans["sc"] = found
    if views:
        view = SourceView("en", ("Asha", "left", "Dodoma"), (True, True, False))
        Views(doc)["en"] = view.replace(provenance=Provenance({"tagger": TAGGER}))
    write_docs([doc] * 3, path)
    return str(path)


def test_the_meta_names_data_teachers_licences_and_versions(tmp_path):
    path = write_corpus(tmp_path / "a.spacy")
    nlp = spacy.blank("sw")
    nlp = make_model_card(path, dev=path, license="CC0", author="Me")(nlp)
    meta = nlp.meta
    assert "learnt from labels carried over from en" in meta["description"]
    assert meta["sources"] == [{"name": "facebook/m2m100_418M", "license": "MIT"}]
    assert (meta["license"], meta["author"]) == ("CC0", "Me")
    for part in (
        "train: 3 documents, 6 entities (LOC 3, PER 3)",
        "The scores above",
        "licence: MIT",
    ):
        assert part in meta["notes"]
    assert f"spacy-xproj {__version__}" in meta["notes"]
    assert meta["requirements"] == [OURS]  # who else knows Swahili
    make_model_card(path)(nlp)
    assert len(nlp.meta["requirements"]) == 1


def test_a_folder_is_read_as_for_training_whatever_else_is_in_it(tmp_path):
    write_corpus(tmp_path / "a.spacy")
    write_corpus(tmp_path / "b.spacy")
    (tmp_path / "summary.jsonl").write_text("{}", encoding="utf-8")
    notes = make_model_card(str(tmp_path))(spacy.blank("sw")).meta["notes"]
    assert "train: 6 documents, 12 entities" in notes


def test_gold_needs_no_warning_and_a_language_of_spacy_no_package(tmp_path):
    path = write_corpus(tmp_path / "a.spacy", "en", views=False)
    nlp = spacy.blank("en")
    nlp.meta["description"] = "Mine."
    meta = make_model_card([path], gold=None)(nlp).meta
    assert (meta["description"], meta["sources"], meta["requirements"]) == ("Mine.", [], [])
    assert "labels of their own" in meta["notes"]
    assert "How the labels" not in meta["notes"]


@pytest.mark.parametrize("config", ["ner_cpu", "spancat_cpu"])
def test_students_have_a_card_and_their_package_a_page(tmp_path, config, capsys):
    path = write_corpus(tmp_path / "a.spacy", spans=config == "spancat_cpu")
    own = {"nlp.lang": "sw", "paths.train": path, "paths.dev": path, "training.max_steps": 1}
    train(shipped_configs()[config], tmp_path / "student", overrides=own)
    meta = json.loads((tmp_path / "student/model-best/meta.json").read_text(encoding="utf-8"))
    assert "3 documents, 6 entities (LOC 3, PER 3)" in meta["notes"]
    assert "performance" in meta
    package(tmp_path / "student/model-best", tmp_path, name="student", create_sdist=False)
    page = (tmp_path / "sw_student-0.0.0/README.md").read_text(encoding="utf-8")
    assert "annotation projection" in page
    assert "facebook/m2m100_418M" in page
    assert "### How the labels were made" in page
    made = json.loads((tmp_path / "sw_student-0.0.0/meta.json").read_text(encoding="utf-8"))
    assert any(one.startswith("spacy-xproj") for one in made["requirements"])
