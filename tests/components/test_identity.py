"""What the output of a pipeline depends on: what changes it counts, and nothing else does."""

import shutil

import pytest
import spacy
from confection import Config
from spacy.util import load_model_from_config

from spacy_xproj.components.identity import part_identity, pipeline_identity
from spacy_xproj.errors import ModelNotFoundError
from spacy_xproj.registry import registry

CONFIG = """
[nlp]
lang = "sw"
batch_size = 100
pipeline = ["xproj_translate", "xproj_aligner"]
[components]
[components.xproj_translate]
factory = "xproj_translate"
source_langs = ["en", "fr"]
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.CachedTranslator.v1"
path = "cache.sqlite"
[components.xproj_translate.translator.translator]
@xproj_translators = "spacy-xproj.Seq2Seq.v1"
model = "MODEL"
device = "cpu"
batch_size = 4
[components.xproj_translate.translators]
[components.xproj_translate.translators.fr]
@xproj_translators = "spacy-xproj.Bitext.v1"
path = "BITEXT"
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.SoftAlign.v1"
[components.xproj_aligner.aligner.encoder]
@xproj_encoders = "spacy-xproj.HFEncoder.v1"
name = "MODEL"
device = "cpu"
batch_size = 4
"""


@pytest.fixture
def bitext(tmp_path):
    path = tmp_path / "bitext.tsv"
    path.write_text("Habari\tHello\n", encoding="utf-8")
    return path


def _nested(overrides):
    """Values by dotted name, as a config."""
    config = {}
    for name, value in overrides.items():
        *sections, key = name.split(".")
        inner = config
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[key] = value
    return config


@pytest.fixture
def identity(tiny_encoder, bitext):
    """What a pipeline is, with some values of the config changed."""

    def make(overrides=None, config=CONFIG):
        text = config.replace("MODEL", str(tiny_encoder)).replace("BITEXT", str(bitext))
        settings = Config().from_str(text).merge(_nested(overrides or {}))
        return pipeline_identity(load_model_from_config(settings, auto_fill=True))

    return make


TRANSLATOR = "components.xproj_translate.translator.translator"
ENCODER = "components.xproj_aligner.aligner.encoder"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nlp.batch_size", 7),
        ("components.xproj_translate.translator.path", "elsewhere.sqlite"),
        (f"{TRANSLATOR}.device", "auto"),
        (f"{TRANSLATOR}.batch_size", 1),
        (f"{ENCODER}.device", "auto"),
        (f"{ENCODER}.batch_size", 1),
        (f"{ENCODER}.batch_tokens", 64),
    ],
)
def test_what_changes_nothing_does_not_count(identity, name, value):
    assert identity({name: value}) == identity()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nlp.lang", "af"),
        ("components.xproj_translate.source_langs", ["en", "fr", "de"]),
        (f"{TRANSLATOR}.num_beams", 2),
        (f"{ENCODER}.layers", [2]),
        (f"{ENCODER}.half", True),
        ("components.xproj_aligner.aligner.temperature", 0.5),
    ],
)
def test_what_changes_the_output_counts(identity, name, value):
    assert identity({name: value}) != identity()


def test_a_cache_of_translations_does_not_count(identity):
    """Nor one around another; what it caches does, also where it is of one language."""
    cache = """[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.CachedTranslator.v1"
path = "cache.sqlite"
[components.xproj_translate.translator.translator]
"""
    assert cache in CONFIG
    plain = CONFIG.replace(cache, "[components.xproj_translate.translator]\n")
    inner = "[components.xproj_translate.translator.translator"
    twice = CONFIG.replace(f"{inner}]", f"{inner}]\n{cache.splitlines()[1]}\n{inner}.translator]")
    assert identity(config=plain) == identity() == identity(config=twice)
    assert identity({"components.xproj_translate.translator.num_beams": 2}, config=plain) == (
        identity({f"{TRANSLATOR}.num_beams": 2})
    )
    fr = "[components.xproj_translate.translators.fr"
    cached = CONFIG.replace(f"{fr}]", f"{fr}]\n{cache.splitlines()[1]}\n{fr}.translator]")
    assert identity(config=cached) == identity()


def test_files_and_models_count_by_their_content(identity, bitext, tiny_encoder, tmp_path):
    before = identity()
    copy = shutil.copytree(tiny_encoder, tmp_path / "copy")
    assert identity({f"{ENCODER}.name": str(copy), f"{TRANSLATOR}.model": str(copy)}) == before
    (copy / "config.json").write_text((copy / "config.json").read_text() + " ")
    assert identity({f"{ENCODER}.name": str(copy)}) != before
    bitext.write_text("Habari\tGood day\n", encoding="utf-8")
    assert identity() != before


def test_taggers(tiny_encoder, tmp_path):
    make = registry.get("xproj_taggers", "spacy-xproj.HFTagger.v1")
    plain = part_identity(make(model=str(tiny_encoder)))
    assert part_identity(make(model=str(tiny_encoder), device="cpu", batch_size=2)) == plain
    assert part_identity(make(model=str(tiny_encoder), half=True)) != plain
    make = registry.get("xproj_taggers", "spacy-xproj.SpacyTagger.v1")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler")
    for name in ("one", "two"):
        nlp.to_disk(tmp_path / name)
    one = part_identity(make(model=str(tmp_path / "one"), batch_size=1))
    assert one == part_identity(make(model=str(tmp_path / "two")))
    (tmp_path / "two" / "meta.json").write_text("{}")
    assert one != part_identity(make(model=str(tmp_path / "two")))


def test_a_model_that_is_nowhere_is_refused(identity, monkeypatch):
    def refuse(name, *, revision):
        raise ModelNotFoundError(name)

    monkeypatch.setattr("spacy_xproj.hf.identity.load_config", refuse)
    for name in (f"{ENCODER}.name", f"{TRANSLATOR}.model"):
        with pytest.raises(ModelNotFoundError, match="someone/tiny"):
            identity({name: "someone/tiny"})


def test_a_branch_of_the_hub_counts_as_the_commit_it_is_at(identity, monkeypatch):
    """Also where it is not on this machine yet: then its config is fetched first."""
    fetched = []

    def version(name, revision=None):
        return f"commit:{name[-1]}" if name in fetched else None

    monkeypatch.setattr("spacy_xproj.hf.identity.model_version", version)
    monkeypatch.setattr("spacy_xproj.translation.seq2seq.model_version", version)
    monkeypatch.setattr(
        "spacy_xproj.hf.identity.load_config", lambda name, *, revision: fetched.append(name)
    )
    models = {f"{ENCODER}.name": "someone/a", f"{TRANSLATOR}.model": "someone/b"}
    first = identity(models)
    assert identity({**models, f"{ENCODER}.revision": "main"}) == first
    assert fetched.count("someone/b") == 1
    assert first["components"]["xproj_aligner"]["aligner"]["encoder"]["model"] == "commit:a"


OWN = """
[nlp]
lang = "sw"
pipeline = ["own"]
[components]
[components.own]
factory = "xproj_aligner"
[components.own.aligner]
@xproj_aligners = "test.own.v1"
path = "BITEXT"
device = "cpu"
"""


def test_a_part_that_says_nothing_counts_by_all_its_settings(identity, bitext):
    class Own:
        def align(self, views, targets):
            raise NotImplementedError

        def describe(self):
            return {}

    registry.xproj_aligners.register("test.own.v1", func=lambda path, device: Own())
    before = identity(config=OWN)
    assert identity({"components.own.aligner.device": "cuda"}, config=OWN) != before
    bitext.write_text("other", encoding="utf-8")
    assert identity(config=OWN) != before
