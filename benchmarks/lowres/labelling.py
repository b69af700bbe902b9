"""Training sentences: what an ensemble of source views says of the target's text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.tokens import Doc

from spacy_xproj.components.ensemble import EnsemblePipe
from spacy_xproj.data.access import Views
from spacy_xproj.data.ensembled import Ensembled
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.text.tokenizers import bare_copy, set_entities

from ..arbiters.methods import METHODS

BATCH = 128
# What becomes of words that only outvoted proposals cover: they are in no entity, or it stays open
# whether they are, or their sentence is left out.
OUTSIDE, OPEN, DROP = "outside", "open", "drop"
DOUBTS = (OUTSIDE, OPEN, DROP)


def label(
    docs: Sequence[Doc],
    views: Sequence[str],
    *,
    cost: float,
    method: str | None = None,
    doubt: str = OUTSIDE,
) -> list[Doc]:
    """Words and entities only, as joint matching of these views decides, or a method of
    ``arbiters.methods``, which learns from all of these documents where it learns. docs: with
    projected views, which stay as they are. doubt: one of ``DOUBTS``."""
    joint = JointMatching(cost=cost if len(views) > 1 else 0.0)
    pipe = EnsemblePipe(
        name="ensemble",
        ensemble=joint if method is None else METHODS[method](),
        source_langs=list(views),
        spans_key=None,
    )
    pipe.fit(docs)
    return [
        set_entities(
            bare_copy(doc),
            [(e.start, e.end, e.label_) for e in doc.ents],
            unknown=_doubtful(doc) if doubt == OPEN else (),
        )
        for doc in pipe.pipe([doc.copy() for doc in docs])
        if doubt != DROP or not _doubtful(doc)
    ]


def _doubtful(doc: Doc) -> list[int]:
    """The words that only outvoted proposals cover."""
    taken = {i for e in doc.ents for i in range(e.start, e.end)}
    outvoted = Ensembled(doc).outvoted
    return sorted({i for one in outvoted for i in range(one.start, one.end)} - taken)


def process_all(pipes: Sequence[Any], docs: Sequence[Doc]) -> None:
    """Let components work on documents in place, batch by batch, so that memory stays bounded."""
    for start in range(0, len(docs), BATCH):
        for pipe in pipes:
            pipe.process(docs[start : start + BATCH])


def add_own_views(docs: Sequence[Doc], tagged: Sequence[Doc], lang: str) -> None:
    """Give each document one more view, in its own language ``lang``: the words themselves, with
    what the teacher finds in them. tagged: the same words with the teacher's entities."""
    for doc, own in zip(docs, tagged, strict=True):
        view = SourceView.from_doc(own, lang=lang)
        found = view.entities or ()
        projections = tuple(
            Projection(
                number,
                e.label,
                Status.PROJECTED,
                e.start,
                e.end,
                e.start_char,
                e.end_char,
                1.0,
            )
            for number, e in enumerate(found)
        )
        Views(doc)[lang] = view.replace(projections=projections)
