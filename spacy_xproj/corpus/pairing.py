"""Line-parallel sentences as one corpus: target documents that view a labelled source sentence."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..data.labels import clear_labels
from ..data.views import SourceView, Views
from ..errors import Errors, XProjError


def add_views(
    sources: Sequence[Doc], targets: Sequence[Doc], *, source_lang: str, names: tuple[str, str]
) -> list[Doc]:
    """The targets, each with the view that its source makes: words, gold entities, row.

    sources, targets: line by line translations of each other. names: what to call the two sides in
    an error. Raises XProjError if they differ in length.
    """
    if len(sources) != len(targets):
        raise XProjError(
            Errors.XP802.format(
                source=names[0], target=names[1], n_source=len(sources), n_target=len(targets)
            )
        )
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        Views(target)[source_lang] = SourceView.from_doc(source, lang=source_lang, row=row)
    return list(targets)


def pair(
    sources: Sequence[Doc], targets: Sequence[Doc], *, source_lang: str, names: tuple[str, str]
) -> list[Doc]:
    """The targets with the views that their sources make, as ``add_views``, and without labels."""
    docs = add_views(sources, targets, source_lang=source_lang, names=names)
    return [clear_labels(doc) for doc in docs]
