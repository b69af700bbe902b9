"""What a Doc says of its entities: labelled, open, or without.

spaCy keeps it in ``ent_iob``, a value a word, and a DocBin does, too: 0 for a word of which nothing
is known (open), 2 for one that is in no entity, 1 and 3 for those of an entity. A document of which
nothing is known is not labelled; one that has no entity is labelled.
"""

from spacy.attrs import ENT_IOB
from spacy.tokens import Doc


def is_labelled(doc: Doc) -> bool:
    """Whether something is known of any word. A Doc without words has nothing to be known, and
    counts as labelled."""
    return not len(doc) or bool(doc.to_array([ENT_IOB]).any())


def open_words(doc: Doc) -> list[int]:
    """The words of which it is not known whether they are in an entity."""
    return [] if not len(doc) else (doc.to_array([ENT_IOB]) == 0).nonzero()[0].tolist()


def clear_labels(doc: Doc) -> Doc:
    """The same Doc, not labelled."""
    doc.set_ents([], default="missing")
    return doc
