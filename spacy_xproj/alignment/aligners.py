"""Aligners that compare contextual vectors of the two sides."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..data.views import Links, Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Encoded, Encoder
from .encoders import make_hf_encoder
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

    link: from the encoded source and target of one pair to its links.
    """

    def __init__(
        self, encoder: Encoder, link: Callable[[Encoded, Encoded], Links], settings: dict[str, Any]
    ) -> None:
        self.encoder = encoder
        self.link = link
        self.settings = settings

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """Links between the words of each view and its target; none where a side is empty."""
        pairs = [(view.words, target.words) for view, target in zip(views, targets, strict=True)]
        distinct = list(dict.fromkeys(words for pair in pairs if all(pair) for words in pair))
        encoded = dict(zip(distinct, self.encoder.encode(distinct), strict=True))
        return [
            self.link(encoded[source], encoded[target]) if source and target else Links()
            for source, target in pairs
        ]

    def describe(self) -> dict[str, Any]:
        return {**self.settings, "encoder": self.encoder.describe()}


def _check_strengths(strengths: str) -> str:
    if strengths not in STRENGTHS:
        raise XProjError(Errors.XP403.format(strengths=strengths, known=", ".join(STRENGTHS)))
    return strengths


def make_simalign(
    encoder: Encoder | None = None, method: str = "itermax", strengths: str = "binary"
) -> EncoderAligner:
    """``spacy-xproj.SimAlign.v1`` (Jalili Sabet et al. 2020).

    encoder: by default multilingual-e5-small, layer 8. method: "inter", "itermax" or "mwmf".
    strengths: "binary", or "similarity" to keep how alike the linked subwords are.
    """
    if method not in MATCHINGS:
        raise XProjError(Errors.XP402.format(method=method, known=", ".join(MATCHINGS)))
    return EncoderAligner(
        encoder or make_hf_encoder(),
        partial(simalign_links, method=method, strengths=_check_strengths(strengths)),
        {"aligner": "simalign", "method": method, "strengths": strengths},
    )


def make_awesome(
    encoder: Encoder | None = None, threshold: float = 0.001, strengths: str = "binary"
) -> EncoderAligner:
    """``spacy-xproj.Awesome.v1`` (Dou & Neubig 2021), without fine-tuning.

    threshold: a link needs both softmax probabilities above it.
    """
    return EncoderAligner(
        encoder or make_hf_encoder(),
        partial(awesome_links, threshold=threshold, strengths=_check_strengths(strengths)),
        {"aligner": "awesome", "threshold": threshold, "strengths": strengths},
    )


def _check_soft(settings: dict[str, float]) -> None:
    temperature, min_strength, center = settings.values()
    if temperature <= 0 or not 0 < min_strength < 1 or not 0 <= center <= 1:
        raise XProjError(Errors.XP414.format(**settings))


def make_soft(
    encoder: Encoder | None = None,
    temperature: float = 0.06,
    min_strength: float = 0.05,
    center: float = 0.8,
) -> EncoderAligner:
    """``spacy-xproj.SoftAlign.v1``: links with strengths, no matching (see ``soft_links``).

    encoder: by default multilingual-e5-small, layers 6 to 8. temperature: of the softmax over
    cosines. center: how much of a sentence's mean vector is taken from its vectors, 0 to 1. All
    chosen on Europarl-NER de and es and the embedded corpus' training split.
    """
    settings = {"temperature": temperature, "min_strength": min_strength, "center": center}
    _check_soft(settings)
    return EncoderAligner(
        encoder or make_hf_encoder(n_layers=3),
        partial(soft_links, temperature=temperature, min_strength=min_strength, center=center),
        {"aligner": "soft", **settings},
    )


class HeadAligner(EncoderAligner):
    """What ``make_head_align`` describes. A saved pipeline keeps a head that is not the package's.

    path: the folder of the head, None for the package's.
    """

    def __init__(self, encoder: Encoder, path: str | None, settings: dict[str, Any]) -> None:
        super().__init__(encoder, self._link, {"aligner": "head", "head": path, **settings})
        self.path = path
        self.head: Head = load_head(path)
        self._checked = False

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """As ``EncoderAligner``. Raises XProjError where the head is not for this encoder."""
        if not self._checked:
            self.head.check(self.encoder)
            self._checked = True
        return super().align(views, targets)

    def _link(self, source: Encoded, target: Encoded) -> Links:
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


def make_head_align(
    encoder: Encoder | None = None,
    head: str | None = None,
    raw_weight: float = 0.5,
    temperature: float = 0.06,
    min_strength: float = 0.05,
    center: float = 0.8,
) -> HeadAligner:
    """``spacy-xproj.HeadAlign.v1``: the links of ``SoftAlign`` and those of a head on the encoder's
    vectors, which are sharper; a_kl is the weighted mean of both. What is projected needs both: the
    former spread over all words of a name, the latter say which.

    encoder: by default multilingual-e5-small, layers 6 to 8; the head refuses another one. head: a
    folder that ``python -m benchmarks train-head`` wrote, by default the head of the package.
    raw_weight: of the links without the head, 0 to 1; 0 is best where links are all that is wanted.
    temperature, min_strength, center: as for ``SoftAlign``; the head has its own temperature.
    """
    settings = {"temperature": temperature, "min_strength": min_strength, "center": center}
    _check_soft(settings)
    if not 0 <= raw_weight <= 1:
        raise XProjError(Errors.XP418.format(raw_weight=raw_weight))
    return HeadAligner(
        encoder or make_hf_encoder(n_layers=3), head, {"raw_weight": raw_weight, **settings}
    )
