"""Target documents whose view is a labelled source sentence: the translate-train direction."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..errors import Errors, XProjError
from ..views import SourceView, Views


def pair(
    sources: Sequence[Doc], targets: Sequence[Doc], *, source_lang: str, names: tuple[str, str]
) -> list[Doc]:
    """The targets, each with the view that its source makes: words, gold entities, row.

    sources, targets: line by line translations of each other. Labels of the targets are cleared.
    names: what to call the two sides in an error. Raises XProjError if they differ in length.
    """
    if len(sources) != len(targets):
        raise XProjError(
            Errors.XP802.format(
                source=names[0], target=names[1], n_source=len(sources), n_target=len(targets)
            )
        )
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        target.set_ents([])
        Views(target)[source_lang] = SourceView.from_doc(source, lang=source_lang, row=row)
    return list(targets)
