"""Both student configs train on a DocBin, in a language that spaCy has no class for."""

import pytest
import spacy
from spacy.cli.train import train

from benchmarks.datasets.marked import read_marked
from spacy_xproj.io.formats.files import write_docs


@pytest.fixture(scope="module")
def corpus(root, tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "dev.spacy"
    write_docs(list(read_marked(root / "assets" / "news" / "dev.jsonl", lang="sw"))[:8], path)
    return path


@pytest.mark.parametrize("config", ["ner_cpu.cfg", "ner_trf.cfg"])
def test_a_student_trains_saves_and_loads(root, corpus, tiny_encoder, tmp_path, config):
    overrides = {
        "nlp.lang": "sw",
        "paths.train": str(corpus),
        "paths.dev": str(corpus),
        "training.max_steps": 2,
        "training.eval_frequency": 1,
    }
    if config == "ner_trf.cfg":
        overrides["components.transformer.model.name"] = str(tiny_encoder)
    train(root / "spacy_xproj" / "configs" / config, tmp_path / "model", overrides=overrides)
    nlp = spacy.load(tmp_path / "model" / "model-best")
    assert nlp.lang == "sw"
    assert {"PER", "ORG", "LOC"} <= set(nlp.get_pipe("ner").labels)
