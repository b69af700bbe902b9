"""What a Doc says of its entities: labelled, open, or without.

spaCy keeps it in ``ent_iob``, a value a word, and a DocBin does, too: 0 for a word of which nothing
is known (open), 2 for one that is in no entity, 1 and 3 for those of an entity. A document of which
nothing is known is not labelled; one that has no entity is labelled.
"""

from collections.abc import Mapping

from spacy.attrs import ENT_IOB
from spacy.tokens import Doc

REVIEW = "xproj_review"  # where in ``doc.user_data`` it is kept what a person decided


def is_labelled(doc: Doc, spans_key: str | None = None) -> bool:
    """Whether something is known of any word; with ``spans_key`` whether it has that group. A Doc
    without words has nothing to be known, and counts as labelled."""
    if spans_key is not None:
        return not len(doc) or spans_key in doc.spans
    return not len(doc) or bool(doc.to_array([ENT_IOB]).any())


def open_words(doc: Doc) -> list[int]:
    """The words of which it is not known whether they are in an entity."""
    return [] if not len(doc) else (doc.to_array([ENT_IOB]) == 0).nonzero()[0].tolist()


def clear_labels(doc: Doc, spans_key: str | None = None) -> Doc:
    """The same Doc, not labelled; with ``spans_key`` without that group."""
    if spans_key is None:
        doc.set_ents([], default="missing")
    elif spans_key in doc.spans:
        del doc.spans[spans_key]
    return doc


def is_reviewed(doc: Doc) -> bool:
    """Whether a person decided on the entities of the document."""
    held = doc.user_data.get(REVIEW)
    return isinstance(held, Mapping) and held.get("answer") == "accept"
