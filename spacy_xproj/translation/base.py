"""What a translator is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ..data.views import ViewStatus


class Translation(NamedTuple):
    """What became of one text. ``reason`` says why ``status`` is not OK; ``row`` is the number of
    the pair in the parallel corpus that the translation came from, where there is one."""

    text: str
    status: ViewStatus
    reason: str = ""
    row: int | None = None


@runtime_checkable
class Translator(Protocol):
    """Translates texts. One that carries data also has ``to_bytes() -> bytes`` and
    ``from_bytes(data)``, which restores it in place. One whose results depend on more than
    ``describe()`` says (on what is in a model's files) has ``identity() -> dict | None``: plain
    data that is equal only where the results are, or None as long as that is not known."""

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """One Translation per text, in order.

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


def is_blank(text: str) -> bool:
    """Whether a text has nothing to read: only white space, control and format characters."""
    return all(unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cf") for c in text)


def blank_translation() -> Translation:
    return Translation("", ViewStatus.EMPTY_TARGET, "the text is empty or only white space")
