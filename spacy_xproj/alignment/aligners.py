"""Aligners that compare contextual vectors of the two sides."""

from collections.abc import Sequence
from typing import Any

from ..abilities import check_all_ready, check_part
from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError
from .base import Encoded, Encoder
from .encoders import HFEncoder
from .head import Head, load_head, read_head
from .matching import (
    MATCHINGS,
    awesome_links,
    simalign_links,
    soft_links,
    soft_strengths,
    strong_links,
)

STRENGTHS = ("binary", "similarity")


class EncoderAligner:
    """Encodes each distinct sentence of a batch once, both languages together, and links pairs.

    Subclasses have ``link``. encoder: a block of ``xproj_encoders``. settings: what ``describe``
    says besides.
    """

    def __init__(self, encoder: Any, settings: dict[str, Any]) -> None:
        self.encoder: Encoder = check_part(
            encoder,
            Encoder,
            user=f"spacy-xproj.{type(self).__name__}.v1",
            setting="encoder",
            example='"@xproj_encoders": "spacy-xproj.HFEncoder.v1"',
        )
        self.settings = settings

    def link(self, source: Encoded, target: Encoded) -> Links:
        """The links of one encoded pair."""
        raise NotImplementedError(f"{type(self).__name__} has no link()")

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """Links between the words of each view and its target; none where a side is empty."""
        pairs = [(view.words, target.words) for view, target in zip(views, targets, strict=True)]
        distinct = list(dict.fromkeys(words for pair in pairs if all(pair) for words in pair))
        encoded = dict(zip(distinct, self.encoder.encode(distinct), strict=True))
        return [
            self.link(encoded[source], encoded[target]) if source and target else Links()
            for source, target in pairs
        ]

    def check_ready(self) -> None:
        """Raise XProjError where the encoder is not ready."""
        check_all_ready(self.encoder)

    def describe(self) -> dict[str, Any]:
        return {**self.settings, "encoder": self.encoder.describe()}


def _check_strengths(strengths: str) -> str:
    if strengths not in STRENGTHS:
        raise XProjError(
            Errors.XP150.format(
                kind="kind of link strengths",
                name=strengths,
                fix='strengths = "binary"',
                known=", ".join(STRENGTHS),
            )
        )
    return strengths


class SimAlign(EncoderAligner):
    """``spacy-xproj.SimAlign.v1`` (Jalili Sabet et al. 2020).

    encoder: by default multilingual-e5-small, layer 8. method: "inter", "itermax" or "mwmf".
    strengths: "binary", or "similarity" to keep how alike the linked subwords are.
    """

    def __init__(
        self, *, encoder: Any = None, method: str = "itermax", strengths: str = "binary"
    ) -> None:
        if method not in MATCHINGS:
            raise XProjError(
                Errors.XP150.format(
                    kind="method", name=method, fix='method = "inter"', known=", ".join(MATCHINGS)
                )
            )
        self.method, self.strengths = method, _check_strengths(strengths)
        super().__init__(
            HFEncoder() if encoder is None else encoder,
            {"aligner": "simalign", "method": method, "strengths": strengths},
        )

    def link(self, source: Encoded, target: Encoded) -> Links:
        return simalign_links(source, target, method=self.method, strengths=self.strengths)


class Awesome(EncoderAligner):
    """``spacy-xproj.Awesome.v1`` (Dou & Neubig 2021), without fine-tuning.

    encoder: by default multilingual-e5-small, layer 8. threshold: a link needs both softmax
    probabilities above it. strengths: as for ``SimAlign``.
    """

    def __init__(
        self, *, encoder: Any = None, threshold: float = 0.001, strengths: str = "binary"
    ) -> None:
        self.threshold, self.strengths = threshold, _check_strengths(strengths)
        super().__init__(
            HFEncoder() if encoder is None else encoder,
            {"aligner": "awesome", "threshold": threshold, "strengths": strengths},
        )

    def link(self, source: Encoded, target: Encoded) -> Links:
        return awesome_links(source, target, threshold=self.threshold, strengths=self.strengths)


def _soft(temperature: float, min_strength: float, center: float) -> dict[str, float]:
    """The settings of soft links. Raises XProjError where they do not hold."""
    settings = {"temperature": temperature, "min_strength": min_strength, "center": center}
    if temperature <= 0 or not 0 < min_strength < 1 or not 0 <= center <= 1:
        raise XProjError(Errors.XP414.format(**settings))
    return settings


class SoftAlign(EncoderAligner):
    """``spacy-xproj.SoftAlign.v1``: links with strengths, no matching (see ``soft_links``).

    encoder: by default multilingual-e5-small, layers 6 to 8. temperature: of the softmax over
    cosines. center: how much of a sentence's mean vector is taken from its vectors, 0 to 1. All
    chosen on Europarl-NER de and es and the embedded corpus' training split.
    """

    def __init__(
        self,
        *,
        encoder: Any = None,
        temperature: float = 0.06,
        min_strength: float = 0.05,
        center: float = 0.8,
    ) -> None:
        self.soft = _soft(temperature, min_strength, center)
        super().__init__(
            HFEncoder(n_layers=3) if encoder is None else encoder, {"aligner": "soft", **self.soft}
        )

    def link(self, source: Encoded, target: Encoded) -> Links:
        return soft_links(source, target, **self.soft)


class HeadAlign(EncoderAligner):
    """``spacy-xproj.HeadAlign.v1``: the links of ``SoftAlign`` and those of a head on the encoder's
    vectors, which are sharper; a_kl is the weighted mean of both. What is projected needs both: the
    former spread over all words of a name, the latter say which.

    encoder: by default multilingual-e5-small, layers 6 to 8; the head refuses another one. head: a
    folder that ``python -m benchmarks train-head`` wrote, by default the head of the package; a
    saved pipeline keeps one that is not the package's.
    raw_weight: of the links without the head, 0 to 1; 0 is best where links are all that is wanted.
    temperature, min_strength, center: as for ``SoftAlign``; the head has its own temperature.
    """

    def __init__(
        self,
        *,
        encoder: Any = None,
        head: str | None = None,
        raw_weight: float = 0.5,
        temperature: float = 0.06,
        min_strength: float = 0.05,
        center: float = 0.8,
    ) -> None:
        soft = _soft(temperature, min_strength, center)
        if not 0 <= raw_weight <= 1:
            raise XProjError(Errors.XP152.format(name="raw_weight", value=raw_weight, fix=0.5))
        super().__init__(
            HFEncoder(n_layers=3) if encoder is None else encoder,
            {"aligner": "head", "head": head, "raw_weight": raw_weight, **soft},
        )
        self.path = head
        self.head: Head = load_head(head)
        self._checked = False

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """As ``EncoderAligner``. Raises XProjError where the head is not for this encoder."""
        if not self._checked:
            self.head.check(self.encoder)
            self._checked = True
        return super().align(views, targets)

    def link(self, source: Encoded, target: Encoded) -> Links:
        if not len(source.words) or not len(target.words):
            return Links()
        raw_weight, own = self.settings["raw_weight"], self.settings
        strengths = (1.0 - raw_weight) * self.head.strengths(source, target)
        if raw_weight:
            strengths += raw_weight * soft_strengths(
                source, target, temperature=own["temperature"], center=own["center"]
            )
        return strong_links(strengths, source, target, min_strength=own["min_strength"])

    def to_bytes(self) -> bytes:
        """The head, where it is from a path; nothing where it is the package's."""
        return b"" if self.path is None else self.head.to_bytes()

    def from_bytes(self, data: bytes) -> None:
        if data:
            self.head = read_head(data, where="the saved pipeline")
            self._checked = False
