"""Pipelines from config files and command-line settings."""

import pytest

from spacy_xproj.alignment import EncoderAligner, Pharaoh
from spacy_xproj.errors import XProjError
from spacy_xproj.hf.loading import DEFAULT_ENCODER
from spacy_xproj.jobs.pipelines import load_pipeline, projection_pipeline
from spacy_xproj.jobs.run import annotate
from spacy_xproj.projection import Heuristic, Matching

SIMALIGN = """
[components]
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.SimAlign.v1"
method = "inter"
"""
HEURISTIC = """
[components]
[components.xproj_projector]
factory = "xproj_projector"
[components.xproj_projector.projector]
@xproj_projectors = "spacy-xproj.Heuristic.v1"
thr = 0.5
"""


@pytest.fixture
def write(tmp_path):
    def write_config(text):
        path = tmp_path / "own.cfg"
        path.write_text(text, encoding="utf-8")
        return path

    return write_config


def backends(nlp):
    return [pipe.backend for _, pipe in nlp.pipeline]


def test_without_settings():
    nlp = projection_pipeline("sw")
    assert nlp.lang == "sw"
    aligner, projector = backends(nlp)
    assert aligner.settings["aligner"] == "head"
    assert aligner.encoder._choose(12) == (6, 7, 8)
    assert isinstance(projector, Matching)


def test_a_config_may_name_one_of_the_two(write):
    aligner, projector = backends(projection_pipeline("sw", config_path=write(SIMALIGN)))
    assert aligner.settings["method"] == "inter"
    assert isinstance(projector, Matching)
    aligner, projector = backends(projection_pipeline("sw", config_path=write(HEURISTIC)))
    assert aligner.settings["aligner"] == "head"
    assert isinstance(projector, Heuristic)
    assert projector.thr == 0.5


def test_a_component_may_have_another_name(write):
    text = HEURISTIC.replace("[components.xproj_projector", "[components.mine")
    _, projector = backends(projection_pipeline("sw", config_path=write(text)))
    assert isinstance(projector, Heuristic)


def test_an_encoder_takes_the_place_of_the_configs(write, docs, encoder):
    own = SIMALIGN + (
        "[components.xproj_aligner.aligner.encoder]\n"
        '@xproj_encoders = "spacy-xproj.HFEncoder.v1"\n'
        'name = "never/loaded"\nlayers = [2]\n'
    )
    for text, layers in ((SIMALIGN, (8,)), (own, (2,))):
        nlp = projection_pipeline("sw", config_path=write(text), encoder=encoder)
        aligner, _ = backends(nlp)
        assert isinstance(aligner, EncoderAligner)
        assert (aligner.encoder.name, aligner.encoder._choose(12)) == (encoder, layers)
        assert annotate(nlp, docs, progress=False).failures == []


def test_an_encoder_that_has_no_head_is_used_without_one():
    for encoder, kind in ((DEFAULT_ENCODER, "head"), ("my/own", "soft")):
        aligner, _ = backends(projection_pipeline("sw", encoder=encoder))
        assert (aligner.settings["aligner"], aligner.encoder.name) == (kind, encoder)
        assert aligner.encoder._choose(12) == (6, 7, 8)


def test_an_encoder_reaches_the_parts_of_a_combined_aligner(write):
    text = """
[components]
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Combined.v1"
weights = {"a": 1, "b": 1, "c": 1}
[components.xproj_aligner.aligner.aligners]
[components.xproj_aligner.aligner.aligners.a]
@xproj_aligners = "spacy-xproj.SoftAlign.v1"
[components.xproj_aligner.aligner.aligners.b]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
[components.xproj_aligner.aligner.aligners.c]
@xproj_aligners = "spacy-xproj.Combined.v1"
weights = {"d": 1}
[components.xproj_aligner.aligner.aligners.c.aligners]
[components.xproj_aligner.aligner.aligners.c.aligners.d]
@xproj_aligners = "spacy-xproj.Awesome.v1"
"""
    combined, _ = backends(projection_pipeline("sw", config_path=write(text), encoder="my/own"))
    assert combined.aligners["a"].encoder.name == "my/own"
    assert combined.aligners["a"].encoder._choose(12) == (6, 7, 8)
    assert isinstance(combined.aligners["b"], Pharaoh)
    assert combined.aligners["c"].aligners["d"].encoder.name == "my/own"
    # Where no part takes one, saying nothing would hide that it was not used.
    for kind in ("SoftAlign", "Awesome"):
        text = text.replace(f"spacy-xproj.{kind}.v1", "spacy-xproj.Pharaoh.v1")
    with pytest.raises(XProjError, match=r"XP912.*Combined\.v1 does not take an encoder"):
        projection_pipeline("sw", config_path=write(text), encoder="my/own")


def test_links_from_a_file(tmp_path, docs):
    path = tmp_path / "links"
    path.write_text("0-0 1-1 2-2\n0-2 1-0\n0-0\n", encoding="utf-8")
    nlp = projection_pipeline("sw", alignments=path)
    result = annotate(nlp, docs, progress=False)
    assert result.statuses() == {"projected": 3}
    with pytest.raises(XProjError, match=r"XP912.*Leave out --encoder"):
        projection_pipeline("sw", alignments=path, encoder="a/b")
    with pytest.raises(XProjError, match=r"XP405.*nowhere"):
        projection_pipeline("sw", alignments=tmp_path / "nowhere")


def test_the_target_language_of_a_config_is_the_one_asked_for(write, docs):
    text = "[nlp]\nlang = null\n" + SIMALIGN.replace(
        '"spacy-xproj.SimAlign.v1"\nmethod = "inter"',
        '"spacy-xproj.Statistical.v1"\nsource_lang = "en"\ntarget_lang = ${nlp.lang}',
    )
    aligner, _ = backends(projection_pipeline("af", config_path=write(text)))
    assert aligner.target_lang == "af"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[nlp]\nlang = "sw"', r"XP911.*own\.cfg has neither.*it has: none"),
        ('[components]\n[components.ner]\nfactory = "ner"', "XP911.*it has: ner"),
        ("[components]\nxproj_aligner = 1", "XP911.*it has: none"),
        ("no section", r"XP910.*own\.cfg cannot be used.*no section headers"),
        ("[components]\n[components]", r"XP910.*'components' already exists"),
        ("[components.a]\nx = ${nowhere.y}", r"XP910.*own\.cfg"),
        (HEURISTIC.replace("Heuristic.v1", "Heuristics.v1"), r"XP910.*spacy-xproj\.Heuristics\.v1"),
        (HEURISTIC.replace("thr", "threshold"), r"XP910.*threshold"),
        (HEURISTIC.replace("0.5", '"much"'), r"XP910.*thr"),
        (HEURISTIC + "k = 0", r"XP151.*k must be at least 1"),
        (SIMALIGN.replace('"inter"', '"best"'), r"XP150.*'best'"),
        (SIMALIGN.replace("@xproj_aligners", "name"), r"XP910.*own\.cfg"),
        (HEURISTIC + "[projector]\nthr = 1", r"XP876.*the section \[projector\]"),
        ("[nlp]\nbatchsize = 5\n" + HEURISTIC, r"XP876.*'batchsize' in \[nlp\].*'batch_size'"),
        ("[nlp]\nbatch_size = 0\n" + HEURISTIC, "XP881"),
        ("[nlp]\npipeline = []\n" + HEURISTIC, "XP880"),
        (
            SIMALIGN + HEURISTIC.replace("[components]\n", "").replace("_projector", "_projetor"),
            r"XP910.*\[components\.xproj_projetor\] there is no component 'xproj_projetor'\. "
            "Did you mean 'xproj_projector'",
        ),
        (
            HEURISTIC + '[components.mine]\nfactory = "xproj_projector"',
            r"XP910.*\[components\.xproj_projector\] and \[components\.mine\] are both",
        ),
        (
            '[nlp]\npipeline = ["xproj_projector"]\n' + HEURISTIC + "[components.xproj_projetor]\n"
            'factory = "xproj_projector"',
            r"XP876.*\[components\.xproj_projetor\].*'xproj_projector'",
        ),
    ],
)
def test_a_config_that_does_not_hold_is_named_with_what_is_wrong(write, text, message):
    with pytest.raises(XProjError, match=f"(?s){message}"):
        projection_pipeline("sw", config_path=write(text))


def test_a_complete_config_of_annotate_is_one(write):
    """Its other components stay where they are."""
    text = (
        '[nlp]\nlang = "af"\npipeline = ["xproj_source_ner", "xproj_projector"]\n'
        + HEURISTIC
        + '[components.xproj_source_ner]\nfactory = "xproj_source_ner"\n'
    )
    nlp = projection_pipeline("sw", config_path=write(text))
    assert (nlp.lang, nlp.pipe_names) == ("sw", ["xproj_aligner", "xproj_projector"])


def test_of_two_projectors_in_a_pipeline_one_must_be_chosen(write):
    """A pipeline may have several, of which ``annotate`` runs all; here it would be a guess."""
    second = HEURISTIC.replace("[components]\n", "").replace("0.5", "0.25")
    second = second.replace("components.xproj_projector", "components.second")
    text = '[nlp]\nlang = "sw"\npipeline = ["xproj_projector", "second"]\n'
    path = write(text + HEURISTIC + second)
    message = r"(?s)XP910.*\[components\.xproj_projector\] and \[components\.second\] are all"
    with pytest.raises(XProjError, match=message):
        projection_pipeline("sw", config_path=path)
    for name, thr in (("xproj_projector", 0.5), ("second", 0.25)):
        chosen = {"nlp.pipeline": [name]}
        _, projector = backends(projection_pipeline("sw", config_path=path, overrides=chosen))
        assert projector.thr == thr


def test_an_aligner_without_a_name_takes_no_encoder(write):
    text = SIMALIGN.replace("@xproj_aligners", "name")
    with pytest.raises(XProjError, match="XP912"):
        projection_pipeline("sw", config_path=write(text), encoder="a/b")


def test_a_config_that_is_not_there(tmp_path):
    for load in (load_pipeline, lambda path: projection_pipeline("sw", config_path=path)):
        with pytest.raises(XProjError, match=r"XP910.*none\.cfg"):
            load(tmp_path / "none.cfg")


def test_an_unknown_target_language():
    with pytest.raises(XProjError, match=r"XP610.*'qqq'"):
        projection_pipeline("qqq")


def test_a_whole_pipeline_with_values_overridden(write):
    text = '[nlp]\nlang = "sw"\npipeline = ["xproj_projector"]\n' + HEURISTIC
    nlp = load_pipeline(
        write(text), {"nlp.lang": "af", "components.xproj_projector.projector.thr": 0.25}
    )
    assert (nlp.lang, nlp.pipe_names) == ("af", ["xproj_projector"])
    assert nlp.get_pipe("xproj_projector").backend.thr == 0.25


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"nlp.lang": "qqq"}, "XP910.*qqq"),
        ({"nowhere.x": 1}, "XP910.*nowhere"),
        ({"components.xproj_projector.factory": "nope"}, "XP910.*'nope'"),
        ({"components.xproj_projector.nope": 1}, "XP910.*nope"),
        ({"components.xproj_projector.projector.k": 0}, "XP151"),
    ],
)
def test_overrides_that_do_not_hold(write, overrides, message):
    text = '[nlp]\nlang = "sw"\npipeline = ["xproj_projector"]\n' + HEURISTIC
    with pytest.raises(XProjError, match=f"(?s){message}"):
        load_pipeline(write(text), overrides)
