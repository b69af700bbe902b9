"""Which XQuAD answers are named entities: the gold mentions of a paragraph in every language."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from spacy_xproj.data.spans import overlap

from .files import Answer, Paragraph

CharSpan = tuple[int, int]  # [start, end) in the characters of a paragraph

# Quotes, blanks and commas at the ends of an answer are no part of a name. Brackets stay: in them
# the translators give the original name.
_OUTER = "\\s\ufeff\"'“”‘’„‚«»‹›《》〈〉「」『』,;:،؛、，；：।。"
_LEFT, _RIGHT = re.compile(f"[{_OUTER}]*"), re.compile(f"[{_OUTER}]*$")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)

# Why a question gives no mention in a language (besides the problems of ``xquad.Answer``).
MISSING = "question_missing"
EMPTY = "only_punctuation"
OVERLAP = "overlaps_longer"
OTHER_LABEL = "same_span_other_label"


class Mention(NamedTuple):
    """A gold mention of one language, and the questions that it answers."""

    start: int
    end: int
    label: str
    questions: tuple[str, ...]


class LeftOut(NamedTuple):
    """A question that gives no mention in a language, and why not."""

    lang: str
    question: str
    reason: str


class Found(NamedTuple):
    """Mentions by language, in order; what was left out; and how often each rule applied, by
    (language, rule)."""

    mentions: dict[str, list[Mention]]
    left_out: list[LeftOut]
    counts: Counter[tuple[str, str]]


def find_mentions(
    paragraphs: Mapping[str, Paragraph],
    entities: Sequence[tuple[int, int, str]],
    *,
    source: str,
    labels: Sequence[str],
) -> Found:
    """The answers that are, in the source language, exactly an entity with one of ``labels``.

    paragraphs: the same paragraph in each language. entities: those of the source paragraph,
    ``[start, end)`` in characters, without overlap. Only the occurrence at ``answer_start`` is a
    mention. Questions with the same source span are one mention; see ``_agreed`` for its span in a
    language. Of mentions that overlap the longest is kept; those with the same span are one.
    """
    found = Found({}, [], Counter())
    wanted, final_period = _source_mentions(paragraphs[source], source, entities, labels, found)
    for lang, paragraph in paragraphs.items():
        if lang == source:
            found.mentions[lang] = wanted
            continue
        answers = {answer.question: answer for answer in paragraph.answers}
        own = []
        for mention in wanted:
            spans: dict[str, CharSpan] = {}
            for question in mention.questions:
                answer = answers.get(question)
                problem = MISSING if answer is None else answer.problem
                if answer is not None and not problem:
                    span = trim(paragraph.text, answer.start, answer.end)
                    if question in final_period:
                        span = _without_period(paragraph.text, span)
                    found.counts[lang, "trimmed"] += span != (answer.start, answer.end)
                    spans[question] = span
                    problem = "" if span[0] < span[1] else EMPTY
                if problem:
                    spans.pop(question, None)
                    found.left_out.append(LeftOut(lang, question, problem))
            if spans:
                found.counts[lang, "questions_differ"] += len(set(spans.values())) > 1
                own.append(Mention(*_agreed(list(spans.values())), mention.label, tuple(spans)))
        found.mentions[lang] = _without_overlap(own, lang, found)
    return found


def _source_mentions(
    paragraph: Paragraph,
    source: str,
    entities: Sequence[tuple[int, int, str]],
    labels: Sequence[str],
    found: Found,
) -> tuple[list[Mention], set[str]]:
    """Mentions of the source language, and the questions whose answer ends with a period that the
    entity has not."""
    label_of = {(start, end): label for start, end, label in entities}
    questions: dict[CharSpan, list[str]] = {}
    final_period = set()
    for answer in paragraph.answers:
        if answer.problem:
            found.left_out.append(LeftOut(source, answer.question, answer.problem))
            continue
        span, rule = _entity_span(paragraph.text, answer, label_of)
        found.counts[source, rule] += 1
        if span is None:
            continue
        found.counts[source, f"label {label_of[span]}"] += 1
        if label_of[span] in labels:
            questions.setdefault(span, []).append(answer.question)
            if rule == "entity_and_period":
                final_period.add(answer.question)
    mentions = [
        Mention(*span, label_of[span], tuple(names)) for span, names in sorted(questions.items())
    ]
    found.counts[source, "questions_merged"] += sum(
        len(mention.questions) - 1 for mention in mentions
    )
    return mentions, final_period


def _entity_span(
    text: str, answer: Answer, label_of: Mapping[CharSpan, str]
) -> tuple[CharSpan | None, str]:
    """The entity that an answer is, and by which rule; None where it is none."""
    raw = (answer.start, answer.end)
    trimmed = trim(text, *raw)
    rules = {
        "entity": raw,
        "entity_and_quotes": trimmed,
        "entity_and_period": _without_period(text, trimmed),
    }
    for rule, span in rules.items():
        if span in label_of:
            return span, rule
    article = _ARTICLE.match(text, *trimmed)
    if article and (article.end(), trimmed[1]) in label_of:
        return None, "article_and_entity"
    return None, "no_entity"


def trim(text: str, start: int, end: int) -> CharSpan:
    """The span without the quotes, blanks and commas at its ends."""
    left = _LEFT.match(text, start, end)
    start = left.end() if left else start
    right = _RIGHT.search(text, start, end)
    return start, right.start() if right else end


def _without_period(text: str, span: CharSpan) -> CharSpan:
    start, end = span
    return (start, end - 1) if text[start:end].endswith(".") else span


def _agreed(spans: Sequence[CharSpan]) -> CharSpan:
    """Of the spans of several questions: the commonest, then the shortest, then the first."""
    votes = Counter(spans)
    return min(votes, key=lambda span: (-votes[span], span[1] - span[0], span))


def _without_overlap(mentions: Sequence[Mention], lang: str, found: Found) -> list[Mention]:
    """In order of position; longer mentions go before shorter ones, then earlier ones."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        other = next((o for o in kept if overlap(o.start, o.end, mention.start, mention.end)), None)
        if other is None:
            kept.append(mention)
        elif other[:3] == mention[:3]:
            kept[kept.index(other)] = other._replace(questions=other.questions + mention.questions)
            found.counts[lang, "mentions_merged"] += 1
        else:
            reason = OTHER_LABEL if other[:2] == mention[:2] else OVERLAP
            found.left_out.extend(LeftOut(lang, q, reason) for q in mention.questions)
    return sorted(kept)
