"""Target documents whose view is a labelled source sentence: the translate-train direction."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..corpora.datasets.parallel_ner import add_views


def pair(
    sources: Sequence[Doc], targets: Sequence[Doc], *, source_lang: str, names: tuple[str, str]
) -> list[Doc]:
    """The targets with the views that their sources make, as ``add_views``, and without labels."""
    docs = add_views(sources, targets, source_lang=source_lang, names=names)
    for doc in docs:
        doc.set_ents([])
    return docs
