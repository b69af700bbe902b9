"""Units of a parallel paragraph: groups of sentences that are translations of one another in every
language, or the whole paragraph. No answer is cut by the border of a unit."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from spacy_xproj.text.segmentation import NO_SENTENCE_MARKS

from ..datasets.sentence_alignment import Segment, align_segments, segment_of
from .files import Paragraph

SplitSentences = Callable[[str], list[tuple[str, str]]]  # (sentence, white space after it)
PIECES = 15  # of text between blanks in one sentence of a language without sentence marks

# Where a sentence without mark may end: numbers and brackets stand between blanks within it.
_BLANK = re.compile(r"""\s+(?=[^\s\d(\["“])""")
_NUMBER = re.compile(r"\d{1,18}")

UNITS = ("sentence", "paragraph")


def segments(text: str, lang: str, split: SplitSentences) -> list[Segment]:
    """The sentences of a text, ``[start, end)`` in characters; in Thai, Lao and Khmer, where a
    sentence ends with no mark, the pieces between blanks."""
    text = text.replace("\ufeff", " ")  # a byte order mark is no part of a sentence
    found = []
    start = len(text) - len(text.lstrip())
    for sentence, gap in split(text):
        end = start + len(sentence)
        borders = [start, end]
        if lang in NO_SENTENCE_MARKS:
            borders[1:1] = [place for m in _BLANK.finditer(text, start, end) for place in m.span()]
        found += list(zip(borders[::2], borders[1::2], strict=True))
        start = end + len(gap)
    return found


def make_units(
    paragraphs: Mapping[str, Paragraph],
    cut: Mapping[str, Sequence[Segment]],
    *,
    source: str,
    unit: str,
) -> list[dict[str, Segment]]:
    """The units of a paragraph in order, each with its ``[start, end)`` by language.

    cut: the sentences by language. The sentences of each language are aligned with those of the
    source, by length and with answers and numbers as anchors; a unit ends where the sentences of
    all languages end. Where an answer lies in units of different number, or in several, these are
    joined.
    """
    n = len(cut[source])
    if unit == "paragraph" or n < 2 or not all(cut.values()):
        return [{lang: _around(own) for lang, own in cut.items()}]
    ends: dict[str, dict[int, int]] = {}
    for lang, own in cut.items():
        if lang == source:
            ends[lang] = {i: i for i in range(1, n + 1)}
            continue
        small = lang in NO_SENTENCE_MARKS
        ends[lang] = dict(
            align_segments(
                cut[source],
                own,
                _anchors(paragraphs[source], paragraphs[lang]),
                max_target=PIECES if small else 3,
                target_merges_cost=not small,
            )
        )
    common = sorted(set.intersection(*(set(by_source) for by_source in ends.values())))
    units = [
        {lang: _around(own[ends[lang].get(a, 0) : ends[lang][b]]) for lang, own in cut.items()}
        for a, b in pairwise([0, *common])
    ]
    return _joined(units, paragraphs)


def _anchors(source: Paragraph, target: Paragraph) -> list[tuple[int, int]]:
    """Characters that correspond: the starts of answers to the same question, and of numbers that
    either text has once."""
    anchors = []
    for find in (_answers, _numbers):
        ours, theirs = find(source), find(target)
        anchors += [(start, theirs[key]) for key, start in ours.items() if key in theirs]
    return anchors


def _answers(paragraph: Paragraph) -> dict[object, int]:
    return {answer.question: answer.start for answer in paragraph.answers if not answer.problem}


def _numbers(paragraph: Paragraph) -> dict[object, int]:
    """The places of the numbers that occur once, whatever digits they are written in."""
    found = [(int(m.group()), m.start()) for m in _NUMBER.finditer(paragraph.text)]
    times = Counter(number for number, _ in found)
    return {number: start for number, start in found if times[number] == 1}


def _joined(
    units: list[dict[str, Segment]], paragraphs: Mapping[str, Paragraph]
) -> list[dict[str, Segment]]:
    """Join the units over which an answer spreads, within a language or between languages."""
    touched: dict[str, list[int]] = {}
    for lang, paragraph in paragraphs.items():
        own = [unit[lang] for unit in units]
        for answer in paragraph.answers:
            if not answer.problem:
                numbers = touched.setdefault(answer.question, [])
                numbers += [segment_of(own, answer.start), segment_of(own, answer.end - 1)]
    glued = {i for numbers in touched.values() for i in range(min(numbers), max(numbers))}
    result: list[dict[str, Segment]] = []
    for i, unit in enumerate(units):
        if i - 1 in glued:
            last = result.pop()
            unit = {lang: (last[lang][0], unit[lang][1]) for lang in unit}
        result.append(unit)
    return result


def _around(own: Sequence[Segment]) -> Segment:
    return (own[0][0], own[-1][1]) if own else (0, 0)
