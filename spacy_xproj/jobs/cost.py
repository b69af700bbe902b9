"""What a run has cost, component by component: seconds, calls, tokens, cache hits.

It is kept beside the output, not in it: two runs that write the same need not take the same time.
"""

from collections.abc import Mapping
from typing import TypeAlias

from spacy.language import Language

from ..components.base import XProjPipe

Cost: TypeAlias = dict[str, dict[str, float]]  # by component, then by what is counted


def cost_so_far(nlp: Language) -> Cost:
    """What the components of a pipeline have cost in this process."""
    return {name: pipe.usage() for name, pipe in nlp.pipeline if isinstance(pipe, XProjPipe)}


def added(one: Mapping[str, Mapping[str, float]], other: Mapping[str, Mapping[str, float]]) -> Cost:
    """The sum of two."""
    total: Cost = {name: dict(counts) for name, counts in one.items()}
    for name, counts in other.items():
        own = total.setdefault(name, {})
        for key, value in counts.items():
            own[key] = round(own.get(key, 0) + value, 3)
    return total


def less(one: Mapping[str, Mapping[str, float]], other: Mapping[str, Mapping[str, float]]) -> Cost:
    """What has come to one since the other; counts that are 0 are left out."""
    return {
        name: {
            key: rest
            for key, value in counts.items()
            if (rest := round(value - other.get(name, {}).get(key, 0), 3))
        }
        for name, counts in one.items()
    }
