"""The systems that the benchmarks compare: a name for each way to link words, and for each pair of
word links and projector. To add one, add it to ``ALIGNERS`` or ``SYSTEMS``."""

import importlib.util
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..alignment import Aligner, make_awesome, make_simalign
from ..alignment.aligners import make_soft
from ..alignment.combined import make_combined
from ..alignment.statistical import make_statistical
from ..errors import Errors, XProjError
from ..projection import (
    Projector,
    make_align_score,
    make_exact,
    make_greedy,
    make_heuristic,
    make_ilp,
    make_matching,
)
from .encoding import SharedEncoder

STATISTICAL = ("thot", "stat")  # the module, and the extra that brings it
TARGET_WEIGHT = 0.45  # of the default score, see ``projection.matching.default_score``


class AlignerSpec(NamedTuple):
    """make: from the encoder of the run to an aligner. needs: a module and its extra."""

    make: Callable[[SharedEncoder], Aligner]
    needs: tuple[str, str] | None = None


class System(NamedTuple):
    """aligner: a name in ``ALIGNERS``. slow: left out unless asked for by name."""

    aligner: str
    projector: Callable[[], Projector]
    slow: bool = False


def _combined(encoder: SharedEncoder) -> Aligner:
    parts = {"encoder": make_soft(encoder.joined), "bitext": make_statistical()}
    return make_combined(parts, {"encoder": 0.7, "bitext": 0.3})  # as configs/project_bitext.cfg


ALIGNERS: dict[str, AlignerSpec] = {
    "inter": AlignerSpec(lambda encoder: make_simalign(encoder.one, method="inter")),
    "itermax": AlignerSpec(lambda encoder: make_simalign(encoder.one, method="itermax")),
    "mwmf": AlignerSpec(lambda encoder: make_simalign(encoder.one, method="mwmf")),
    "awesome": AlignerSpec(lambda encoder: make_awesome(encoder.one)),
    "soft": AlignerSpec(lambda encoder: make_soft(encoder.joined)),
    "soft-1-layer": AlignerSpec(lambda encoder: make_soft(encoder.one, temperature=0.025)),
    "statistical": AlignerSpec(lambda _: make_statistical(), STATISTICAL),
    "combined": AlignerSpec(_combined, STATISTICAL),
}

_HEURISTIC = partial(make_heuristic, d=1, thr=0.8)
_GREEDY = partial(make_matching, score=make_align_score(), solver=make_greedy())
_ILP = partial(make_matching, score=make_align_score(), solver=make_ilp())

SYSTEMS: dict[str, System] = {
    "heuristic-inter": System("inter", _HEURISTIC),
    "heuristic-awesome": System("awesome", _HEURISTIC),
    **{f"ngrams-{a}": System(a, _GREEDY) for a in ("inter", "itermax", "mwmf", "awesome")},
    **{f"ngrams-{a}-ilp": System(a, _ILP, True) for a in ("inter", "itermax", "mwmf", "awesome")},
    # METHODS: "the same encoder, soft links"
    "soft-greedy": System(
        "soft-1-layer",
        partial(make_matching, score=make_align_score(target_weight=0.7), solver=make_greedy()),
    ),
    "default-no-boundary": System(
        "soft",
        partial(
            make_matching, score=make_align_score(target_weight=TARGET_WEIGHT), solver=make_exact()
        ),
    ),
    "default-greedy": System("soft", partial(make_matching, solver=make_greedy())),
    "default": System("soft", make_matching),
    "combined": System("combined", make_matching),
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
) -> list[str]:
    """The names to run, in the order of ``known``, which maps each name to its aligner.

    Without ``wanted``, all whose packages are installed and that ``slow`` does not name; "all" adds
    those. Raises XProjError for a name that is not known or whose
    package is not installed.
    """
    if not wanted or "all" in wanted:
        return [name for name, a in known.items() if (wanted or name not in slow) and installed(a)]
    for name in wanted:
        if name not in known:
            raise XProjError(Errors.XP723.format(kind=kind, name=name, known=", ".join(known)))
        needs = ALIGNERS[known[name]].needs
        if needs is not None and not installed(known[name]):
            raise XProjError(Errors.XP727.format(name=name, package=needs[0], extra=needs[1]))
    return [name for name in known if name in wanted]
