"""What the score over candidates can be trained on: pairs of sentences with spans on both sides."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import Span
from spacy_xproj.data.views import SourceView
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab
from spacy_xproj.translation.sentences import split_sentences

from ..datasets.marked import read_marked
from ..datasets.pairs import Pair, pair_of_docs, read_tagged_pairs
from ..names.europarl import read_europarl
from ..xquad.files import Paragraph, read_xquad, xquad_path
from ..xquad.mentions import trim
from ..xquad.units import make_units, segments

SOURCE = "en"
DOWNLOADS = "downloads"  # in the folder of the assets
LONGEST = 900  # characters of a unit of XQuAD
EUROPARL = ("de", "es")  # Italian is never trained on
NEWS = ("de", "es", "fr", "sw", "af")
# Thai and Chinese are left to be tested on.
XQUAD = ("de", "es", "ru", "tr", "el", "vi", "ro")
_WORD = re.compile(r"\S+")
ANSWER = "ANSWER"


def names(data: Path) -> list[Pair]:
    """Gold entities of Europarl-NER."""
    docs = read_europarl(data / DOWNLOADS / "europarl-ner", EUROPARL)
    return [
        pair_of_docs(source, target, source_lang=SOURCE)
        for lang in EUROPARL
        for source, target in zip(docs[SOURCE], docs[lang], strict=True)
    ]


def news(data: Path) -> list[Pair]:
    """Gold entities of the embedded corpus, training and dev split."""
    pairs = []
    for split in ("train", "dev"):
        path = data / "news" / f"{split}.jsonl"
        sources = list(read_marked(path, lang=SOURCE))
        for lang in NEWS:
            targets = read_marked(path, lang=lang)
            pairs += [
                pair_of_docs(source, target, source_lang=SOURCE)
                for source, target in zip(sources, targets, strict=True)
            ]
    return pairs


def answers(data: Path) -> list[Pair]:
    """Answers of XQuAD, spans of any kind, translated by people: sentence by sentence, every other
    one with punctuation on the words as blanks separate them. Spans of a sentence may overlap."""
    sources = read_xquad(xquad_path(data / DOWNLOADS / "xquad", SOURCE))
    tokenizers = {lang: blank_tokenizer(lang, blank_vocab(lang)) for lang in (SOURCE, *XQUAD)}

    def words(text: str, lang: str, blanks: bool) -> list[tuple[int, int]]:
        if blanks:
            return [match.span() for match in _WORD.finditer(text)]
        doc = tokenizers[lang](text)
        return [(t.idx, t.idx + len(t)) for t in doc if not t.is_space]

    pairs: list[Any] = []
    for lang in XQUAD:
        targets = read_xquad(xquad_path(data / DOWNLOADS / "xquad", lang))
        for source, target in zip(sources, targets, strict=True):
            paragraphs = {SOURCE: source, lang: target}
            cut = {l: segments(p.text, l, split_sentences) for l, p in paragraphs.items()}
            for unit in make_units(paragraphs, cut, source=SOURCE, unit="sentence"):
                blanks = len(pairs) % 2 == 0
                pair = _answers_of(paragraphs, unit, lang, partial(words, blanks=blanks))
                if pair is not None:
                    pairs.append(pair)
    return pairs


def _answers_of(
    paragraphs: dict[str, Paragraph],
    unit: dict[str, tuple[int, int]],
    lang: str,
    words: Callable[[str, str], Sequence[tuple[int, int]]],
) -> Pair | None:
    """The answers within one unit; None where there are none."""
    sides: dict[str, tuple[str, Sequence[tuple[int, int]]]] = {}
    for own, (start, end) in unit.items():
        text = paragraphs[own].text[start:end]
        if len(text) > LONGEST:
            return None
        sides[own] = text, words(text, own)
    by_question = {a.question: a for a in paragraphs[lang].answers}
    by_source: dict[Span, Span] = {}
    for answer in paragraphs[SOURCE].answers:
        spans = []
        for own, found in ((SOURCE, answer), (lang, by_question.get(answer.question))):
            if found is None or found.problem:
                break
            low, high = unit[own]
            start, end = trim(paragraphs[own].text, found.start, found.end)
            inside = [
                i for i, (a, b) in enumerate(sides[own][1]) if a < end - low and b > start - low
            ]
            if start < low or end > high or not inside:
                break
            spans.append(Span(inside[0], inside[-1] + 1, ANSWER))
        if len(spans) == 2:
            by_source.setdefault(spans[0], spans[1])
    if not by_source:
        return None
    entities, gold = zip(*sorted(by_source.items()), strict=True)  # as entities of a view are
    source, target = (_sentence(*sides[own]) for own in (SOURCE, lang))
    view = SourceView(SOURCE, source.words, source.spaces).with_entities(entities)
    return Pair(view, target, gold, tuple(range(len(gold))))


def _sentence(text: str, words: Sequence[tuple[int, int]]) -> Sentence:
    """Of the words at these characters."""
    following = [*(start for start, _ in words[1:]), words[-1][1]]
    spaces = tuple(after > end for (_, end), after in zip(words, following, strict=True))
    return Sentence(tuple(text[start:end] for start, end in words), spaces)


def opinion_targets(data: Path) -> list[Pair]:
    """Opinion targets projected by people, Spanish and Turkish, training part."""
    source = data / DOWNLOADS / "ote" / "en.absa.train.tsv"
    targets = [
        data / DOWNLOADS / "ote" / name for name in ("es.DeepL.train.tsv", "tr.m2m100.train.tsv")
    ]
    return [p for path in targets for p in read_tagged_pairs(source, path, source_lang=SOURCE)]


def arguments(data: Path) -> list[Pair]:
    """Argument components, Spanish, dev part."""
    paths = [data / DOWNLOADS / "abstrct" / f"{lang}.neoplasm.dev.tsv" for lang in (SOURCE, "es")]
    return read_tagged_pairs(*paths, source_lang=SOURCE)


class Kind(NamedTuple):
    """Training data of one kind. read: from the folder of the assets. weight: of all its spans
    together. free: its licence lets weights that were trained on it ship. most: so many pairs at
    most, drawn at random."""

    read: Callable[[Path], list[Pair]]
    licence: str
    weight: float = 1.0
    free: bool = True
    most: int | None = None


CLAUSES = "clauses"  # made of the pairs of others, see ``clauses``
KINDS: dict[str, Kind] = {
    "names": Kind(names, licence="Europarl-NER: no known restriction"),
    "news": Kind(news, licence="the embedded corpus: MIT"),
    "answers": Kind(answers, licence="XQuAD: CC BY-SA 4.0", weight=0.2, most=1800),
    CLAUSES: Kind(lambda _: [], licence="of the pairs above", weight=0.3, most=1800),
    "opinion-targets": Kind(
        opinion_targets, licence="SemEval-2016 task 5 text: research use", free=False
    ),
    "arguments": Kind(arguments, licence="AbstRCT: CC BY-NC-SA 4.0", free=False),
}
FREE = tuple(name for name, kind in KINDS.items() if kind.free)
