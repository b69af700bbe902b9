"""A tagger as what finds English entities in XQuAD."""

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from spacy_xproj.tagging.applying import tag_docs
from spacy_xproj.tagging.base import Tagger
from spacy_xproj.tagging.labels import COMMON_LABELS

from .build import Recognise


def recogniser(tagger: Tagger, *, label_map: Mapping[str, str] = COMMON_LABELS) -> Recognise:
    """A function from Docs to their entities in words, with labels mapped."""

    def recognise(docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
        found = tag_docs(tagger, docs, label_map=label_map)
        return [[(span.start, span.end, span.label_) for span in spans] for spans, _ in found]

    return recognise
