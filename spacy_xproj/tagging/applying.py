"""Applying a tagger: to source sentences, or to the words of documents as they are."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc, Span

from ..abilities import check_count, unfit
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..text.tokenizers import bare_copy
from .base import Placing, Tagged, Tagger, Unplaced
from .hf_tagger import HFTagger
from .labels import COMMON_LABELS, LONGEST_LABEL, is_label, map_labels
from .pipeline_tagger import SpacyTagger

# Entities, and how many were left out, by label in alphabetical order.
Found = tuple[list[Tagged], dict[str, int]]


_TAGGED = (
    "a list of Tagged(start, end, label) for each sentence, with 0 <= start < end <= its words and "
    f"a label of 1 to {LONGEST_LABEL} characters that can be printed, with no blank at its ends"
)
_PLACED = "a pair for each sentence: a list of Tagged, and a list of Unplaced"


def load_tagger(model: str) -> Tagger:
    """The tagger of a model: a spaCy pipeline (a folder with ``meta.json``, or an installed
    package), else a Hugging Face model for token classification (a folder, or a name on the hub).
    It is loaded at first use."""
    from spacy.util import is_package

    if (Path(model) / "meta.json").is_file() or is_package(model):
        return SpacyTagger(model=model)
    return HFTagger(model=model)


def place_views(
    tagger: Tagger, views: Sequence[SourceView]
) -> list[tuple[list[Tagged], list[Unplaced]]]:
    """What a tagger finds in each view, and what it names that is not there. Raises XProjError
    where it gives something else."""
    if isinstance(tagger, Placing):
        pairs = check_count(tagger, "place", tagger.place(views), len(views), wanted=_PLACED)
    else:
        found = check_count(tagger, "tag", tagger.tag(views), len(views), wanted=_TAGGED)
        pairs = [(entities, []) for entities in found]
    for view, (entities, _) in zip(views, pairs, strict=True):
        for one in entities:
            if not _fits(one, len(view.words)):
                gave = f"{one!r:.80} for a sentence of {len(view.words)} words"
                raise unfit(tagger, "tag", gave=gave, wanted=_TAGGED)
    return list(pairs)


def tag_views(
    tagger: Tagger,
    views: Sequence[SourceView],
    *,
    label_map: Mapping[str, str] = COMMON_LABELS,
    label_maps: Mapping[str, Mapping[str, str]] | None = None,
    ignore_labels: Collection[str] = (),
) -> list[Found]:
    """What a tagger finds in each view, with the labels that are wanted.

    label_map: new names of labels, others stay. label_maps: more of them for some languages.
    ignore_labels: left out, and counted. So are entities that a tagger names and that are not in
    the sentence, as ``LABEL (reason)``.
    """
    settings: dict[str, Any] = {"label_map": label_map, "label_maps": label_maps}
    found = tag_and_place(tagger, views, **settings, ignore_labels=ignore_labels)
    return [(kept, ignored) for kept, ignored, _ in found]


def tag_and_place(
    tagger: Tagger,
    views: Sequence[SourceView],
    *,
    label_map: Mapping[str, str],
    label_maps: Mapping[str, Mapping[str, str]] | None = None,
    ignore_labels: Collection[str] = (),
) -> list[tuple[list[Tagged], dict[str, int], list[Unplaced]]]:
    """The same as ``tag_views``, and what the tagger names that is not in the sentence."""
    own = label_maps or {}
    result = []
    for view, (entities, unplaced) in zip(views, place_views(tagger, views), strict=True):
        names = {**label_map, **own.get(view.lang, {})}
        kept, ignored = map_labels(entities, label_map=names, ignore=ignore_labels)
        lost = [one._replace(label=names.get(one.label, one.label)) for one in unplaced]
        ignored += Counter(f"{one.label} ({one.reason})" for one in lost)
        result.append((kept, dict(sorted(ignored.items())), lost))
    return result


def _fits(one: Any, n_words: int) -> bool:
    """Whether an entity is one, within a sentence."""
    return (
        isinstance(one, Tagged)
        and isinstance(one.label, str)
        and is_label(one.label)
        and all(isinstance(at, int | np.integer) for at in one[:2])
        and 0 <= one.start < one.end <= n_words
    )


def tag_docs(
    tagger: Tagger,
    docs: Sequence[Doc],
    *,
    label_map: Mapping[str, str] = COMMON_LABELS,
    ignore_labels: Collection[str] = (),
) -> list[tuple[list[Span], dict[str, int]]]:
    """What a tagger finds in the words of each document, as its spans, and how many entities of
    ignored labels were left out. Sets nothing."""
    sentences = [Sentence.from_doc(doc) for doc in docs]
    views = [
        SourceView(doc.lang_ or "xx", sentence.words, sentence.spaces)
        for doc, sentence in zip(docs, sentences, strict=True)
    ]
    found = tag_views(tagger, views, label_map=label_map, ignore_labels=ignore_labels)
    return [
        ([Span(doc, e.start, e.end, label=e.label) for e in entities], ignored)
        for doc, (entities, ignored) in zip(docs, found, strict=True)
    ]


def tagged_copies(
    tagger: Tagger,
    docs: Sequence[Doc],
    *,
    label_map: Mapping[str, str] = COMMON_LABELS,
    ignore_labels: Collection[str] = (),
) -> list[Doc]:
    """Copies of documents, words only, with what a tagger finds as ``doc.ents``."""
    copies = [bare_copy(doc) for doc in docs]
    found = tag_docs(tagger, copies, label_map=label_map, ignore_labels=ignore_labels)
    for copy, (spans, _) in zip(copies, found, strict=True):
        copy.set_ents(spans)
    return copies
