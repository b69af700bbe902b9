"""One set of target documents with the views of several."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..data.access import Views
from ..errors import Errors, XProjError


def merge_views(sides: Sequence[Sequence[Doc]], names: Sequence[str]) -> list[Doc]:
    """The documents of the first side, each with the views that it has on all sides, in order.

    sides: the same target sentences with the same words. names: what to call each in an error.
    Raises XProjError where sentences differ, where two sides have a view of the same language, and
    where a side has none at all.
    """
    first, *others = sides
    for docs, name in zip(sides, names, strict=True):
        if not any(len(Views(doc)) for doc in docs):
            raise XProjError(Errors.XP580.format(path=name))
    for docs, name in zip(others, names[1:], strict=True):
        if len(docs) != len(first):
            settings = {"source": names[0], "target": name}
            raise XProjError(
                Errors.XP802.format(**settings, n_source=len(first), n_target=len(docs))
            )
        for number, (doc, other) in enumerate(zip(first, docs, strict=True), 1):
            _add(doc, other, names=(names[0], name), sentence=number)
    return list(first)


def _add(doc: Doc, other: Doc, *, names: tuple[str, str], sentence: int) -> None:
    first, second = names
    if [t.text for t in doc] != [t.text for t in other]:
        counts = {"n_first": len(doc), "n_second": len(other)}
        raise XProjError(
            Errors.XP579.format(first=first, second=second, sentence=sentence, **counts)
        )
    for lang, view in Views(other).items():
        if lang in Views(doc):
            raise XProjError(Errors.XP578.format(first=first, second=second, lang=lang))
        Views(doc)[lang] = view
