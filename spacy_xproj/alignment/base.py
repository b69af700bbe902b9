"""What an aligner and an encoder are."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView

EXAMPLE = '"@xproj_aligners": "spacy-xproj.HeadAlign.v1"'


@runtime_checkable
class Aligner(Protocol):
    """Links the words of source views to those of their targets (``xproj_aligners``).

    One that carries data is ``Saveable`` too, one that learns from parallel text ``Trainable``, and
    ``Checkable`` where it cannot do without; see ``abilities``.
    """

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """One ``Links`` per pair, in order. Either side may be empty: no links then."""
        ...

    def describe(self) -> dict[str, Any]:
        """Where the links come from, as plain data."""
        ...


class Encoded(NamedTuple):
    """The subwords of a sentence: vectors (n_subwords, width), and the word each belongs to, in
    ascending order. A word may have none.

    ends: where a subword may belong to several words, words ``[words[i], ends[i])``, the same or
    others than the next one's.
    """

    vectors: np.ndarray
    words: np.ndarray
    ends: np.ndarray | None = None


@runtime_checkable
class Encoder(Protocol):
    """Gives contextual subword vectors (``xproj_encoders``)."""

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Encoded]:
        """One ``Encoded`` per sentence, in order; a sentence may be empty or of any length."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which model and layer, as plain data."""
        ...
