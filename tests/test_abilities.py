"""Every registered part has the shape of its kind; what does not fit is refused with what it lacks,
when the pipeline is built."""

import inspect
from importlib.metadata import distribution

import pytest
import spacy

from spacy_xproj.abilities import Chat, Checkable, Identifiable, Saveable, Trainable, check_part
from spacy_xproj.alignment.base import Aligner, Encoder
from spacy_xproj.alignment.pharaoh import Pharaoh
from spacy_xproj.alignment.statistical import Statistical
from spacy_xproj.components.aligner import AlignerPipe
from spacy_xproj.data.links import Links
from spacy_xproj.ensembling.base import Ensemble, Learning
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import CandidateFinder, Projector, Score, Solver
from spacy_xproj.tagging.base import Tagger
from spacy_xproj.translation.base import Scorer, Translator
from spacy_xproj.translation.bitext import Bitext
from spacy_xproj.translation.cache import CachedTranslator
from spacy_xproj.translation.seq2seq import Seq2Seq

KINDS = {
    "xproj_translators": Translator,
    "xproj_taggers": Tagger,
    "xproj_aligners": Aligner,
    "xproj_encoders": Encoder,
    "xproj_candidates": CandidateFinder,
    "xproj_scores": Score,
    "xproj_solvers": Solver,
    "xproj_projectors": Projector,
    "xproj_ensembles": Ensemble,
    "xproj_clients": Chat,
}
PARTS = [
    (entry, KINDS[entry.group.removeprefix("spacy_")])
    for entry in distribution("spacy-xproj").entry_points
    if entry.group.removeprefix("spacy_") in KINDS
]


@pytest.mark.parametrize(("entry", "kind"), PARTS, ids=lambda value: getattr(value, "name", ""))
def test_a_registered_part_is_a_class_of_its_kind_with_settings_by_name(entry, kind):
    part = entry.load()
    assert inspect.isclass(part)
    assert part.__name__ == entry.name.split(".")[1]
    settings = inspect.signature(part).parameters.values()
    assert all(setting.kind is setting.KEYWORD_ONLY for setting in settings)
    # Methods are those of the protocol; made without its constructor, as some need a model's name.
    check_part(object.__new__(part), kind, user="a test", setting="part", example="")


def test_abilities_are_told_by_type():
    assert isinstance(Statistical(), Trainable)
    assert isinstance(Statistical(), Checkable)
    assert isinstance(Pharaoh(), Saveable)
    assert not isinstance(Pharaoh(), Trainable)
    assert isinstance(Seq2Seq(), Identifiable)
    assert not isinstance(Seq2Seq(), Saveable)
    assert isinstance(JointMatching(), Learning)


def test_a_cache_scores_where_its_translator_does(tmp_path):
    path = str(tmp_path / "kept.sqlite")
    assert isinstance(CachedTranslator(translator=Seq2Seq(), path=path), Scorer)
    assert not isinstance(CachedTranslator(translator=Bitext(), path=path), Scorer)


class NoDescription:
    def align(self, views, targets):
        return []


class OnePair:
    def align(self, view):
        return []

    def describe(self):
        return {}


@pytest.mark.parametrize(
    ("part", "lacks"),
    [
        (NoDescription(), r"NoDescription given as its aligner .* it lacks describe\(\)"),
        (OnePair(), r"OnePair given .* it lacks align\(views, targets\): too many positional"),
        (
            Pharaoh,
            r"Pharaoh given .* it lacks an instance: the class itself was given",
        ),
        (None, r"NoneType given as its aligner .* it lacks align\(\); describe\(\)"),
    ],
)
def test_what_does_not_fit_is_named_with_what_it_lacks_and_a_line_to_paste(part, lacks):
    with pytest.raises(XProjError, match=rf"(?s)XP520.*'x': {lacks}") as caught:
        AlignerPipe(name="x", aligner=part)
    assert 'aligner = {"@xproj_aligners": "spacy-xproj.HeadAlign.v1"}' in str(caught.value)


def test_it_is_found_out_when_the_pipeline_is_built():
    spacy.registry.xproj_aligners("test-project.OnePair.v1", func=OnePair)
    nlp = spacy.blank("sw")
    block = {"@xproj_aligners": "test-project.OnePair.v1"}
    with pytest.raises(XProjError, match=r"XP520.*'xproj_aligner': OnePair given as its aligner"):
        nlp.add_pipe("xproj_aligner", config={"aligner": block})
    with pytest.raises(XProjError, match=r"XP520.*OnePair given as its aligners\.de"):
        nlp.add_pipe("xproj_aligner", config={"aligner": None, "aligners": {"de": block}})


def test_parts_given_by_language_are_asked_whether_they_are_ready():
    links = Pharaoh.of([Links()])
    pipe = AlignerPipe(aligners={"de": Statistical(), "fr": links})
    with pytest.raises(XProjError, match=r"XP412.*no parallel text"):
        pipe.check_ready()
    AlignerPipe(aligners={"fr": links}).check_ready()
    with pytest.raises(XProjError, match=r"XP407"):
        AlignerPipe(aligners={"fr": Pharaoh()}).check_ready()
