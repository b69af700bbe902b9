"""Aligners that compare contextual vectors of the two sides."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..data.views import Links, Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Encoded, Encoder
from .encoders import make_hf_encoder
from .matching import MATCHINGS, awesome_links, simalign_links, soft_links

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
    if temperature <= 0 or not 0 < min_strength < 1 or not 0 <= center <= 1:
        raise XProjError(Errors.XP414.format(**settings))
    return EncoderAligner(
        encoder or make_hf_encoder(n_layers=3),
        partial(soft_links, temperature=temperature, min_strength=min_strength, center=center),
        {"aligner": "soft", **settings},
    )
