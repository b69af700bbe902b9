"""Applying a NER model to the words of Docs: to score it, or to find English entities."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from spacy.tokens import Doc

from spacy_xproj.components.transfer import TransferPipe
from spacy_xproj.tagging import COMMON_LABELS, HFTagger, SpacyTagger, Tagger

from ..xquad.build import Recognise


def load_tagger(model: str) -> Tagger:
    """The tagger of a model: a spaCy pipeline (a folder with ``meta.json``, or an installed
    package), else a Hugging Face model for token classification (a folder, or a name on the hub).
    It is loaded at first use."""
    from spacy.util import is_package

    if (Path(model) / "meta.json").is_file() or is_package(model):
        return SpacyTagger(model)
    return HFTagger(model)


def apply_tagger(
    tagger: Tagger,
    docs: Sequence[Doc],
    *,
    label_map: Mapping[str, str] = COMMON_LABELS,
    ignore_labels: Sequence[str] = (),
) -> list[Doc]:
    """Copies of the Docs, words only, with what the tagger finds as ``doc.ents``."""
    pipe = TransferPipe(
        name="tagger",
        tagger=tagger,
        label_map=dict(label_map),
        ignore_labels=list(ignore_labels),
    )
    copies = [
        Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
        for doc in docs
    ]
    pipe.process(copies)
    return copies


def recogniser(tagger: Tagger, *, label_map: Mapping[str, str] = COMMON_LABELS) -> Recognise:
    """A function from Docs to their entities in words, with labels mapped."""

    def recognise(docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
        tagged = apply_tagger(tagger, docs, label_map=label_map)
        return [[(e.start, e.end, e.label_) for e in doc.ents] for doc in tagged]

    return recognise
