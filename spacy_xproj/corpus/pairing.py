"""Line-parallel sentences as one corpus: target documents that view a labelled source sentence."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..data.access import Views
from ..data.labels import clear_labels, is_labelled, open_words
from ..data.status import ViewStatus
from ..data.views import SourceView
from ..errors import Errors, XProjError

_NO_SOURCE = "the source sentence is empty, and the target sentence is not"


def add_views(
    sources: Sequence[Doc],
    targets: Sequence[Doc],
    *,
    source_lang: str,
    names: tuple[str, str],
    spans_key: str | None = None,
) -> list[Doc]:
    """The targets, each with the view that its source makes: words, gold entities, row.

    sources, targets: line by line translations of each other. names: what to call the two sides in
    an error. spans_key: take the entities of this group of ``doc.spans``, in place of ``doc.ents``.
    A source that is not labelled gives a view without entities, and so does an empty one; for a
    target that is not empty that view has the status NO_TRANSLATION, as it says nothing of it.
    Raises XProjError if they differ in length.
    """
    if len(sources) != len(targets):
        raise XProjError(
            Errors.XP802.format(
                source=names[0], target=names[1], n_source=len(sources), n_target=len(targets)
            )
        )
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        view = SourceView.from_doc(source, lang=source_lang, row=row, spans_key=spans_key)
        if target.text.strip() and not source.text.strip():
            view = view.replace(status=ViewStatus.NO_TRANSLATION, reason=_NO_SOURCE)
        Views(target)[source_lang] = view
    return list(targets)


def pair(
    sources: Sequence[Doc],
    targets: Sequence[Doc],
    *,
    source_lang: str,
    names: tuple[str, str],
    spans_key: str | None = None,
) -> list[Doc]:
    """The targets with the views that their sources make, as ``add_views``, and without labels."""
    docs = add_views(sources, targets, source_lang=source_lang, names=names, spans_key=spans_key)
    return [clear_labels(doc) for doc in docs]


def leave_open(
    sources: Sequence[Doc],
    docs: Sequence[Doc],
    *,
    source_lang: str,
    spans_key: str | None = None,
) -> int:
    """Leave open in the targets what the sources leave open, after projection; how many documents
    that changes.

    sources, docs: one for each other, docs with the view of ``source_lang``. A target whose source
    is not labelled is not labelled. A target word outside of all entities is open if it is linked
    to an open source word; where an open source word has no link, all words without a link are, and
    where the view has none at all, all words. spans_key: the group of ``doc.spans`` that entities
    are in, which says nothing of single words.
    """
    changed = 0
    for source, doc in zip(sources, docs, strict=True):
        if spans_key is not None:
            if not is_labelled(source, spans_key) and is_labelled(doc, spans_key):
                changed += 1
                clear_labels(doc, spans_key)
            continue
        unknown = set(open_words(source))
        if not unknown or not is_labelled(doc) or not len(doc):
            continue
        changed += 1
        if not is_labelled(source):
            clear_labels(doc)
            continue
        links = list(Views(doc)[source_lang].links or ())
        there = {l for k, l, _ in links if k in unknown}
        if unknown - {k for k, _, _ in links}:
            there |= set(range(len(doc))) - {l for _, l, _ in links}
        in_entity = {token.i for ent in doc.ents for token in ent}
        gone = [doc[i : i + 1] for i in sorted(there - in_entity)]
        doc.set_ents([], missing=gone, default="unmodified")
    return changed
