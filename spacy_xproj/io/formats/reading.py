"""What the sentences of a file are read with: words by a tokenizer, and where its labels go."""

from spacy.language import Language
from spacy.tokens import Doc

from ...data.labels import clear_labels
from ...data.span_groups import entity_labels
from ...text.tokenizers import Blank

IGNORED = "xproj_labels"  # the group that labels are read into that are not looked at


class Reading(Blank):
    """A ``Blank``, and what of a file is read.

    spans_key: the group of ``doc.spans`` that entities go to, of every shape; None for
    ``doc.ents``, which holds neither such as overlap nor such as are in pieces. layer: of a file
    with several layers of labels the one to read, as its format names them.
    """

    def __init__(
        self,
        lang: str,
        *,
        features: bool = True,
        nlp: Language | None = None,
        spans_key: str | None = None,
        layer: str | None = None,
    ) -> None:
        super().__init__(lang, features=features, nlp=nlp)
        self.spans_key = spans_key
        self.layer = layer
        self._settings |= {"spans_key": spans_key, "layer": layer}


def forget_labels(doc: Doc, spans_key: str | None = None) -> int:
    """Let a Doc that was read be not labelled; how many entities it had. spans_key: take away this
    group of ``doc.spans``, too."""
    had = 0
    if doc.has_annotation("ENT_IOB"):  # quicker than to clear what is clear
        had += len(doc.ents)
        clear_labels(doc)
    for key in {IGNORED, spans_key} - {None}:
        had += len(entity_labels(doc, key))
        clear_labels(doc, key)
    return had
