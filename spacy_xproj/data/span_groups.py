"""Entities of every shape in a span group of a document: they may overlap and be in pieces.

A spaCy span is contiguous. Of an entity in pieces each piece is a span of the group, with the label
and with one ``span.id_`` that begins with ``piece-of-``. Other ids mean what they mean to others.
"""

from collections.abc import Iterable
from typing import NamedTuple

from spacy.tokens import Doc, Span

from ..errors import Errors, XProjError
from .labels import clear_labels, is_labelled, open_words
from .spans import Pieces, check_pieces

PIECE = "piece-of-"
SPANCAT = "sc"  # the group that spaCy's spancat has by default


class Shape(NamedTuple):
    """Words ``[start, end)`` with a label; pieces: of one that is discontinuous, the words
    ``[start, end)`` of each part, in order; else empty."""

    start: int
    end: int
    label: str
    pieces: Pieces = ()

    @property
    def parts(self) -> Pieces:
        """The words of each part; of most there is one."""
        return self.pieces or ((self.start, self.end),)

    @classmethod
    def of_words(cls, words: Iterable[int], label: str) -> "Shape":
        """The shape that covers these words, of which there is at least one."""
        parts: list[tuple[int, int]] = []
        for word in sorted(set(words)):
            if parts and parts[-1][1] == word:
                parts[-1] = parts[-1][0], word + 1
            else:
                parts.append((word, word + 1))
        return cls(parts[0][0], parts[-1][1], label, tuple(parts) if len(parts) > 1 else ())


def read_group(doc: Doc, key: str) -> list[Shape]:
    """The entities in ``doc.spans[key]``, none where there is no such group; in order of position,
    each once."""
    found: list[Shape] = []
    pieces: dict[tuple[str, str], set[int]] = {}
    for span in doc.spans.get(key, ()):
        if span.id_.startswith(PIECE):
            pieces.setdefault((span.id_, span.label_), set()).update(range(span.start, span.end))
        else:
            found.append(Shape(span.start, span.end, span.label_))
    found += [Shape.of_words(words, label) for (_, label), words in pieces.items()]
    return sorted(set(found))


def entity_labels(doc: Doc, key: str | None) -> list[str]:
    """The label of each entity of ``doc.ents`` or, with a key, of ``doc.spans[key]``."""
    return [e.label_ for e in doc.ents] if key is None else [s.label for s in read_group(doc, key)]


def check_group(doc: Doc, key: str, *, path: str, sentence: int) -> None:
    """Raise XProjError where a document has words, but not this group. path, sentence: which it is,
    from 1."""
    if len(doc) and key not in doc.spans:
        have = ", ".join(map(repr, doc.spans)) or "none"
        raise XProjError(Errors.XP526.format(path=path, sentence=sentence, key=key, have=have))


def move_entities(doc: Doc, key: str) -> Doc:
    """The same Doc with its ``doc.ents`` in ``doc.spans[key]`` instead. One with open words, which
    a group cannot say, or that has the group already, stays as it is."""
    if key not in doc.spans and is_labelled(doc) and not open_words(doc):
        write_group(doc, key, [Shape(e.start, e.end, e.label_) for e in doc.ents])
        clear_labels(doc)
    return doc


def write_group(doc: Doc, key: str, shapes: Iterable[Shape]) -> None:
    """Let ``doc.spans[key]`` hold these entities, in their order."""
    spans = []
    for number, shape in enumerate(shapes):
        assert not shape.pieces or check_pieces(shape.start, shape.end, shape.pieces), shape
        name = f"{PIECE}{number}" if shape.pieces else ""
        spans += [
            Span(doc, start, end, label=shape.label, span_id=name) for start, end in shape.parts
        ]
    doc.spans[key] = spans
