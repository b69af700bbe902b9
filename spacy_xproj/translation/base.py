"""What a translator is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ..abilities import check_count, unfit
from ..data.char_links import CharLinks
from ..data.status import ViewStatus

EXAMPLE = '"@xproj_translators": "spacy-xproj.Seq2Seq.v1"'


class Translation(NamedTuple):
    """What became of one text. ``reason`` says why ``status`` is not OK; ``row`` is the number of
    the pair in the parallel corpus that the translation came from, where there is one; ``links``
    say which characters of the text became which of the translation, where the translator knows."""

    text: str
    status: ViewStatus
    reason: str = ""
    row: int | None = None
    links: CharLinks | None = None


@runtime_checkable
class Translator(Protocol):
    """Translates texts (``xproj_translators``).

    One that carries data is ``Saveable`` too, one whose results depend on what is in a model's
    files ``Identifiable`` (see ``abilities``), one that scores given translations a ``Scorer``.
    """

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> Sequence[Translation | str]:
        """One Translation per text, in order; a plain string will do where there is nothing more
        to say than the text.

        source_lang: language of the given texts. target_lang: language of the result. (The usual
        meaning in machine translation: in a pipeline that brings target-language documents into
        English, ``source_lang`` is the documents' language and ``target_lang`` is "en".)

        A blank text (see ``is_blank``) gives EMPTY_TARGET and is not translated, an empty result
        EMPTY_TRANSLATION, a result that lacks a part of the text TRUNCATED.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """Where the translations come from, as plain data: kind, model, revision, settings."""
        ...


@runtime_checkable
class Scorer(Protocol):
    """Says how probable given translations are."""

    def score(
        self, sources: Sequence[str], targets: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[float]:
        """The mean natural-log probability per token of each target given its source."""
        ...


_WANTED = (
    "a string (empty where there is none) or a Translation with a ViewStatus for each of the texts"
)


def translated(
    translator: Translator, texts: Sequence[str], *, source_lang: str, target_lang: str
) -> list[Translation]:
    """What a translator gives, with a status for each text where it gives strings only. Raises
    XProjError where it gives anything else, or more or fewer than there are texts."""
    found = translator.translate(texts, source_lang=source_lang, target_lang=target_lang)
    check_count(translator, "translate", found, len(texts), wanted=_WANTED)
    for one in found:
        fits = isinstance(one, str) or (
            isinstance(one, Translation)
            and isinstance(one.text, str)
            and isinstance(one.status, ViewStatus)
        )
        if not fits:
            raise unfit(translator, "translate", gave=f"{one!r:.80}", wanted=_WANTED)
    return [
        _with_status(text, one) if isinstance(one, str) else one
        for text, one in zip(texts, found, strict=True)
    ]


def _with_status(text: str, translation: str) -> Translation:
    if is_blank(text):
        return blank_translation()
    if is_blank(translation):
        return Translation("", ViewStatus.EMPTY_TRANSLATION, "the translator gave nothing")
    return Translation(translation.strip(), ViewStatus.OK)


def is_blank(text: str) -> bool:
    """Whether a text has nothing to read: only white space, control and format characters."""
    return all(unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cf") for c in text)


def blank_translation() -> Translation:
    return Translation("", ViewStatus.EMPTY_TARGET, "the text is empty or only white space")
