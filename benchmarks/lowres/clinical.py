"""Labels of one's own in another language by three ways from the same English gold and encoder:
cross-lingual transfer, translate-train, translate-test (Yamada et al.'s comparison for clinical
text is 2306.04384)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from spacy_xproj.alignment.from_translator import FromTranslator
from spacy_xproj.components.aligner import AlignerPipe
from spacy_xproj.components.projector import ProjectorPipe
from spacy_xproj.components.source_ner import SourceNerPipe
from spacy_xproj.components.translate import TranslatePipe
from spacy_xproj.data.access import Views
from spacy_xproj.data.char_links import word_links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.data.views import SourceView
from spacy_xproj.io.tables import Cell, format_table, write_csv
from spacy_xproj.projection import Matching
from spacy_xproj.tagging.applying import load_tagger, tagged_copies
from spacy_xproj.text.tokenizers import Blank, bare_copy, set_entities
from spacy_xproj.translation.base import Translator, translated

from ..pages.intervals import f1_difference, f1_interval, item_counts
from ..training.tagger import Tuning, tune_tagger
from .labelling import process_all

Say = Callable[[str], None]
LONGEST = 60  # words of a sentence
_ENDS = (".", "?", "!", ";")
TRANSFER, TRAIN, TEST = "cross-lingual transfer", "translate-train", "translate-test"


class Gold(NamedTuple):
    """Documents with entities, and their language."""

    docs: Sequence[Doc]
    lang: str


def cut_document(doc: Doc, longest: int = LONGEST) -> Iterator[Doc]:
    """Its sentences, each with its entities: cut after a full stop, at the latest after ``longest``
    words, but never within an entity."""
    inside = {i for e in doc.ents for i in range(e.start, e.end - 1)}  # no cut after these
    start = 0
    for i, token in enumerate(doc):
        last = i + 1 == len(doc)
        long = i + 1 - start >= longest
        if last or (i not in inside and (token.text in _ENDS or long)):
            yield _part(doc, start, i + 1)
            start = i + 1


def _part(doc: Doc, start: int, end: int) -> Doc:
    words = [token.text for token in doc[start:end]]
    spaces = [bool(token.whitespace_) for token in doc[start:end]]
    spans = [
        (e.start - start, e.end - start, e.label_)
        for e in doc.ents
        if start <= e.start and e.end <= end
    ]
    return set_entities(Doc(doc.vocab, words=words, spaces=spaces), spans)


def training_sentences(gold: Gold, limit: int | None) -> list[Doc]:
    """The sentences that have an entity, and every so many of the others, half as many in all."""
    whole = [sentence for doc in gold.docs for sentence in cut_document(doc)]
    full = [s for s in whole if s.ents][: None if limit is None else limit * 2 // 3]
    empty = [s for s in whole if not s.ents]
    step = max(1, len(empty) // max(1, len(full) // 2))
    return full + empty[::step][: max(1, len(full) // 2)]


def translate_sentences(
    docs: Sequence[Doc], gold_lang: str, lang: str, translator: Translator
) -> list[Doc]:
    """Translations with the entities projected onto them; those without a translation, or of which
    an entity was lost, are left out."""
    found = translated(
        translator, [doc.text for doc in docs], source_lang=gold_lang, target_lang=lang
    )
    blank, made = Blank(lang), []
    for doc, translation in zip(docs, found, strict=True):
        if translation.status is not ViewStatus.OK or translation.links is None:
            continue
        target = blank.tokenize(translation.text)
        view = SourceView.from_doc(doc, lang=gold_lang)
        turned = tuple((c, d, a, b) for a, b, c, d in translation.links)
        links = word_links(turned, view.sentence, Sentence.from_doc(target))
        Views(target)[gold_lang] = view.replace(links=links)
        made.append(target)
    process_all([ProjectorPipe(projector=Matching(), spans_key=None)], made)
    return [d for d in made if len(d.ents) == len(Views(d)[gold_lang].entities or ())]


def run_clinical(
    train: Gold,
    test: Gold,
    *,
    encoder: str,
    translator: Translator,
    how: Tuning = Tuning(),  # noqa: B008 - it cannot be changed
    limit: int | None = None,
    say: Say = lambda _: None,
) -> dict[str, Any]:
    """Counts per test sentence of each of the three, int (n, 3), see ``item_counts``.

    encoder: what both taggers start from. translator: with links, in both directions. limit: of
    training sentences.
    """
    sentences = training_sentences(train, limit)
    labels = sorted({e.label_ for doc in sentences for e in doc.ents})
    gold = [sentence for doc in test.docs for sentence in cut_document(doc)]
    say(f"{len(sentences)} training sentences, {len(gold)} test sentences")
    wanted = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in gold]
    counts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="xproj-clinical-") as work:
        own = tune_tagger(sentences, encoder, Path(work) / "own", how=how, labels=labels, say=say)
        tagger = load_tagger(str(own))
        counts[TRANSFER] = item_counts(wanted, _spans(tagged_copies(tagger, gold, label_map={})))
        say("translating the training sentences")
        made = translate_sentences(sentences, train.lang, test.lang, translator)
        say(f"{len(made)} of {len(sentences)} have all their entities in the translation")
        other = tune_tagger(made, encoder, Path(work) / "other", how=how, labels=labels, say=say)
        found = tagged_copies(load_tagger(str(other)), gold, label_map={})
        counts[TRAIN] = item_counts(wanted, _spans(found))
        say("translating the test sentences")
        docs = [bare_copy(doc) for doc in gold]
        pipes: list[Any] = [
            TranslatePipe(translator=translator, source_langs=[train.lang], target_lang=test.lang),
            SourceNerPipe(tagger=tagger, label_map={}),
            AlignerPipe(aligner=FromTranslator()),
            ProjectorPipe(projector=Matching(), spans_key=None),
        ]
        process_all(pipes, docs)
        counts[TEST] = item_counts(wanted, _spans(docs))
    return counts


def _spans(docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
    return [[(e.start, e.end, e.label_) for e in doc.ents] for doc in docs]


COLUMNS = ("system", "precision", "recall", "F1", "95 %", "less transfer", "95 % of that", "p")


def write_clinical(counts: dict[str, Any], path: Path) -> str:
    """Write the three-way table as CSV; the same for the terminal."""
    rows: list[list[Cell]] = []
    for name, own in counts.items():
        right, gold, found = own.sum(axis=0)
        gain: list[Cell] = [None, None, None]
        if name != TRANSFER:
            gain = [*f1_difference(own, counts[TRANSFER]).cells()]
        f1 = f1_interval(own)
        scores = [float(right / max(found, 1)), float(right / max(gold, 1)), f1.value]
        rows.append([name, *scores, f1.text(), *gain])
    write_csv(path, COLUMNS, rows)
    return format_table(COLUMNS, rows)
