"""One side of an aligned pair: words, each followed by a space or not."""

from __future__ import annotations

import dataclasses
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

from .spans import join_words, word_offsets, word_starts

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ATTRS: list[str | int] = ["ORTH", "SPACY"]


@dataclasses.dataclass(frozen=True)
class Sentence:
    """Words, each followed by a space or not: one side of an aligned pair."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]

    @cached_property
    def text(self) -> str:
        return join_words(self.words, self.spaces)

    @property
    def offsets(self) -> list[tuple[int, int]]:
        return word_offsets(self.words, self.spaces)

    @cached_property
    def starts(self) -> list[int]:
        """The first character of each word."""
        return word_starts(self.words, self.spaces)

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def from_doc(cls, doc: Doc) -> Sentence:
        """The words of a document; ``Views(doc).target`` is quicker where it has views."""
        return cls.and_key(doc)[0]

    @classmethod
    def and_key(cls, doc: Doc) -> tuple[Sentence, int]:
        """The same and ``words_key``, which are quicker together."""
        if not len(doc):
            return cls((), ()), 0
        orths, spaces = doc.to_array(_ATTRS).T
        strings = doc.vocab.strings
        words = tuple([strings[orth] for orth in orths.tolist()])
        return cls(words, tuple(map(bool, spaces.tolist()))), _key(doc, orths.tobytes())


def words_key(doc: Doc) -> int:
    """What tells whether a document still has the words that it had, and they the same characters:
    a checksum of their numbers (which spaCy makes from the words, so that they are the same in
    every process) and of where the last one starts."""
    return _key(doc, doc.to_array("ORTH").data) if len(doc) else 0


def _key(doc: Doc, orths: bytes | memoryview) -> int:
    return zlib.crc32(orths, doc[-1].idx)
