"""What a config's error says: which name in which section, and what it may have been."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.jobs.pipelines import load_pipeline, load_translator
from tests.fixtures.configs import head

CONFIG = (
    head("xproj_translate", "xproj_projector")
    + """[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.Seq2Seq.v1"
model = "some/model"
[components.xproj_projector]
factory = "xproj_projector"
exclusive = "all"
[components.xproj_projector.projector]
@xproj_projectors = "spacy-xproj.Matching.v1"
threshold = 0.25
"""
)


@pytest.fixture
def said(tmp_path):
    """The message of a config in which something is replaced, without where it comes from."""

    def load(old, new, how=load_pipeline):
        path = tmp_path / "own.cfg"
        assert old in CONFIG
        path.write_text(CONFIG.replace(old, new), encoding="utf-8")
        with pytest.raises(XProjError) as caught:
            how(path)
        message = str(caught.value)
        assert message.startswith(f"[XP910] The config {path} cannot be used: ")
        return message.partition("cannot be used: ")[2].splitlines()[0]

    return load


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "threshold",
            "treshold",
            "[components.xproj_projector.projector] has 'treshold', which spacy-xproj.Matching.v1 "
            "does not know. Did you mean 'threshold'?",
        ),
        (
            "threshold",
            "x",
            "[components.xproj_projector.projector] has 'x', which spacy-xproj.Matching.v1 does "
            "not know. It knows: candidates, score, solver, threshold, words.",
        ),
        (
            "exclusive",
            "exclusiv",
            "[components.xproj_projector] has 'exclusiv', which xproj_projector does not know. "
            "Did you mean 'exclusive'?",
        ),
        (
            "0.25",
            '"much"',
            "[components.xproj_projector.projector] threshold = 'much' is not what "
            "spacy-xproj.Matching.v1 takes: 'much' is not <class 'float'>",
        ),
        (
            "spacy-xproj.Matching.v1",
            "spacy-xproj.Matchin.v1",
            "[components.xproj_projector.projector] there is no part 'spacy-xproj.Matchin.v1' "
            "among the xproj_projectors. Did you mean 'spacy-xproj.Matching.v1'?",
        ),
        (
            "spacy-xproj.Matching.v1",
            "t.own",
            "[components.xproj_projector.projector] there is no part 't.own' among the "
            "xproj_projectors. Known: spacy-xproj.Heuristic.v1, spacy-xproj.Matching.v1, "
            "spacy-xproj.MinMax.v1. One of your own: give its file with --code.",
        ),
        (
            "@xproj_projectors",
            "@xproj_projctors",
            "[components.xproj_projector.projector] there is no kind of parts 'xproj_projctors'. "
            "Did you mean 'xproj_projectors'?",
        ),
    ],
)
def test_the_section_what_is_wrong_and_what_is_near(said, old, new, expected):
    assert said(old, new) == expected


def test_of_nlp(said):
    message = said('lang = "sw"', 'lang = "sw"\ndisabled = 3')
    assert message.startswith("[nlp] disabled = 3 is not what")
    assert "function" not in message


def test_of_a_translator_that_is_made_by_itself(said):
    message = said("model =", "modell =", lambda path: load_translator(path, "sw"))
    assert message.startswith("[components.xproj_translate.translator] has 'modell', which")
    assert "Did you mean 'model'?" in message
    message = said("Seq2Seq", "Seq2Sec", lambda path: load_translator(path, "sw"))
    assert message.startswith("[components.xproj_translate.translator] there is no part")


@pytest.mark.parametrize("how", [load_pipeline, lambda path: load_translator(path, "sw")])
def test_whatever_a_part_raises(said, how):
    message = said('"some/model"', '"some/model"\nnum_beams = "x"', how)
    assert message.startswith("a part could not be made (TypeError: ")
