"""The systems that the benchmarks compare: a name for each way to link words, and for each pair of
word links and projector. To add one, add it to ``ALIGNERS`` or ``SYSTEMS``."""

import importlib.util
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from spacy_xproj.alignment import Aligner, Awesome, BackTranslation, SimAlign
from spacy_xproj.alignment.aligners import HeadAlign, SoftAlign
from spacy_xproj.alignment.combined import Combined
from spacy_xproj.alignment.matching import MATCHINGS
from spacy_xproj.alignment.statistical import Statistical
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.loading import DEFAULT_ENCODER
from spacy_xproj.projection import (
    ILP,
    AlignScore,
    Exact,
    Greedy,
    Heuristic,
    Matching,
    MinMax,
    Ngrams,
    Projector,
)
from spacy_xproj.projection.base import Score, Solver
from spacy_xproj.projection.boundary import BoundaryScore
from spacy_xproj.projection.ner import NerScore, NerSpans
from spacy_xproj.projection.scores import FusedScore
from spacy_xproj.projection.similarity import EmbScore, NmtScore

from ..speed.encoding import SharedEncoder

STATISTICAL = ("thot", "stat")  # the module, and the extra that brings it


class Models(NamedTuple):
    """What a run has at hand. ner: a tagger of the target languages. translator: from the source
    language into the target language, and for NMT scores back; both None where none was given."""

    encoder: SharedEncoder
    target_lang: str = "xx"
    ner: Any = None
    translator: Any = None


class AlignerSpec(NamedTuple):
    """make: from the models of the run to an aligner. needs: a module and its extra. model: the
    field of ``Models`` that must be given."""

    make: Callable[[Models], Aligner]
    needs: tuple[str, str] | None = None
    model: str | None = None


class System(NamedTuple):
    """aligner: a name in ``ALIGNERS``. slow: left out unless asked for by name. model: the field of
    ``Models`` that must be given. consensus: labels as the corpus agrees on them."""

    aligner: str
    projector: Callable[[Models], Projector]
    slow: bool = False
    model: str | None = None
    consensus: bool = False


def _default(models: Models) -> Aligner:
    """As ``spacy xproj project --encoder``: an encoder that has no head is used without one."""
    make = HeadAlign if models.encoder.name == DEFAULT_ENCODER else SoftAlign
    return make(encoder=models.encoder.joined)


def _combined(models: Models) -> Aligner:
    parts = {"encoder": _default(models), "bitext": Statistical()}
    # as spacy_xproj/configs/project_bitext.cfg
    return Combined(aligners=parts, weights={"encoder": 0.7, "bitext": 0.3})


def _back_translation(models: Models, *, mode: str) -> Aligner:
    # The texts that it makes are encoded besides those of the corpus.
    aligner = _default(models)
    lang = models.target_lang
    return BackTranslation(
        aligner=aligner, translator=models.translator, target_lang=lang, mode=mode
    )


ALIGNERS: dict[str, AlignerSpec] = {
    **{
        method: AlignerSpec(lambda m, method=method: SimAlign(encoder=m.encoder.one, method=method))  # type: ignore[misc]
        for method in MATCHINGS
    },
    "awesome": AlignerSpec(lambda m: Awesome(encoder=m.encoder.one)),
    "default": AlignerSpec(_default),
    "soft": AlignerSpec(lambda m: SoftAlign(encoder=m.encoder.joined)),
    # one layer, not centred
    "soft-1-layer": AlignerSpec(
        lambda m: SoftAlign(encoder=m.encoder.one, temperature=0.025, center=0.0)
    ),
    "statistical": AlignerSpec(lambda _: Statistical(), STATISTICAL),
    "combined": AlignerSpec(_combined, STATISTICAL),
    "back-translation": AlignerSpec(partial(_back_translation, mode="compose"), model="translator"),
    "back-translation-tgt2tgt": AlignerSpec(
        partial(_back_translation, mode="tgt2tgt"), model="translator"
    ),
}


def _always(make: Callable[..., Projector], **settings: Any) -> Callable[[Models], Projector]:
    """A projector that needs no model."""
    return lambda _: make(**settings)


def _fused(**weighted: tuple[Score, float]) -> Score:
    scores = {name: score for name, (score, _) in weighted.items()}
    return FusedScore(
        scores=scores, weights={name: weight for name, (_, weight) in weighted.items()}
    )


def _paper(solver: Solver, score: Score | None = None, **more: Any) -> Projector:
    """Matching with the settings of [P]: binary links, no threshold on them."""
    more = {"candidates": Ngrams(max_ratio=None), **more}
    return Matching(score=score or AlignScore(), solver=solver, threshold=0.0, **more)


def _hand_set(
    *,
    target_weight: float = 0.2,
    outside_weight: float = 0.2,
    boundary: bool = True,
    **weighted: tuple[Score, float],
) -> Projector:
    """Matching with weights set by hand for names, as spacy_xproj/configs/project_names.cfg, and
    other scores besides."""
    align = AlignScore(target_weight=target_weight, outside_weight=outside_weight)
    if boundary:
        weighted["boundary"] = BoundaryScore(), 1.0
    return Matching(score=_fused(align=(align, 1.0), **weighted), threshold=0.15)


def _ner_spans(models: Models) -> Score:
    return NerScore(tagger=models.ner, any_label=True)


def _thesis(models: Models) -> Projector:
    """The fusion that [T] found best."""
    nmt = NmtScore(translator=models.translator, target_lang=models.target_lang)
    parts: dict[str, tuple[Score, float]] = {
        "align": (AlignScore(), 0.5),
        "nmt": (nmt, 1.0),
    }
    if models.ner is not None:
        parts["ner_spans"] = (_ner_spans(models), 0.5)
    return _paper(Exact(), _fused(**parts))


_SIMALIGN = (*MATCHINGS, "awesome")
_HEURISTIC = _always(Heuristic, d=1, thr=0.8)

SYSTEMS: dict[str, System] = {
    "heuristic-inter": System("inter", _HEURISTIC),
    "heuristic-awesome": System("awesome", _HEURISTIC),
    "min-max": System("inter", _always(MinMax)),
    **{f"ngrams-{a}": System(a, _always(_paper, solver=Greedy())) for a in _SIMALIGN},
    **{f"ngrams-{a}-ilp": System(a, _always(_paper, solver=ILP()), True) for a in _SIMALIGN},
    # soft links, greedy, nothing else
    "soft-greedy": System(
        "soft-1-layer",
        _always(_paper, solver=Greedy(), score=AlignScore(target_weight=0.7)),
    ),
    "ner-candidates": System(
        "itermax",
        lambda m: _paper(Greedy(), candidates=NerSpans(tagger=m.ner, sub_spans=True)),
        model="ner",
    ),
    "ner-score": System(
        "itermax",
        lambda m: _paper(Exact(), _fused(ner=(NerScore(tagger=m.ner), 1.0))),
        model="ner",
    ),
    "back-translation-tgt2tgt": System(
        "back-translation-tgt2tgt", _always(_paper, solver=Greedy()), model="translator"
    ),
    "back-translation": System("back-translation", _always(Matching), model="translator"),
    "nmt-fusion": System("itermax", _thesis, model="translator"),
    # a plain score
    "plain": System(
        "soft",
        _always(Matching, score=AlignScore(target_weight=0.7), solver=Greedy(), threshold=0.1),
    ),
    "hand-set-no-boundary": System("soft", _always(_hand_set, boundary=False)),
    "hand-set-no-outside": System(
        "soft", _always(_hand_set, target_weight=0.45, outside_weight=0.0)
    ),
    "hand-set": System("soft", _always(_hand_set)),
    "hand-set-emb": System(
        "soft", lambda m: _hand_set(emb=(EmbScore(encoder=m.encoder.one), 0.3)), slow=True
    ),
    "hand-set-ner-spans": System(
        "soft", lambda m: _hand_set(ner_spans=(_ner_spans(m), 0.2)), model="ner"
    ),
    "default-soft-links": System("soft", _always(Matching)),
    "default-greedy": System("default", _always(Matching, solver=Greedy())),
    "default": System("default", _always(Matching)),
    "combined": System("combined", _always(Matching)),
    "default-consensus": System("default", _always(Matching), consensus=True),
}


def installed(aligner: str) -> bool:
    """Whether the package that the aligner of this name needs is there."""
    needs = ALIGNERS[aligner].needs
    return needs is None or importlib.util.find_spec(needs[0]) is not None


def pick(
    wanted: Sequence[str] | None,
    known: Mapping[str, str],
    *,
    kind: str,
    slow: Collection[str] = (),
    without: Mapping[str, str] = {},
) -> list[str]:
    """The names to run, in the order of ``known``, which maps each name to its aligner.

    Without ``wanted``, all whose packages are installed and that ``slow`` does not name; "all" adds
    those. without: the names that need a model that was not given, and which ("ner",
    "translator"). Raises XProjError for a name that is not known, or whose package is not installed
    or model not given.
    """
    if not wanted or "all" in wanted:
        return [
            name
            for name, aligner in known.items()
            if (wanted or name not in slow) and name not in without and installed(aligner)
        ]
    for name in wanted:
        if name not in known:
            raise XProjError(
                Errors.XP150.format(kind=kind, name=name, known=", ".join(known), fix="all")
            )
        needs = ALIGNERS[known[name]].needs
        if needs is not None and not installed(known[name]):
            raise XProjError(Errors.XP727.format(name=name, package=needs[0], extra=needs[1]))
        if name in without:
            raise XProjError(Errors.XP729.format(name=name, option=f"--{without[name]}"))
    return [name for name in known if name in wanted]


def lacking(
    specs: Mapping[str, AlignerSpec] | Mapping[str, System], given: Collection[str]
) -> dict[str, str]:
    """The names of aligners or systems whose model is not among those given, with the model."""
    return {
        name: spec.model
        for name, spec in specs.items()
        if spec.model is not None and spec.model not in given
    }
