"""The text itself in place of a translation: how the target's own teacher becomes one more view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.status import ViewStatus
from .base import Translation, blank_translation, is_blank


class Itself:
    """``spacy-xproj.Itself.v1``: each text as it is, every character linked to itself.

    As the translator of one more source language, which may be the documents' own, it gives a view
    on which a NER model that knows the target language (a multilingual one, a student) is a teacher
    like the others; ``spacy-xproj.FromTranslator.v1`` is its aligner.
    """

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        return [blank_translation() if is_blank(text) else _itself(text) for text in texts]

    def describe(self) -> dict[str, Any]:
        return {"kind": "itself"}


def _itself(text: str) -> Translation:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    links = tuple((i, i + 1, i - start, i - start + 1) for i in range(start, end))
    return Translation(text[start:end], ViewStatus.OK, links=links)
