"""Strict entity scores: an entity counts when its span and its label are exactly right."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..data.labels import is_labelled, open_words
from ..data.spans import Span, cut_at, iob_to_spans, spans_to_iob, word_offsets
from ..errors import Errors, XProjError
from ..io.tables import format_table

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Score(NamedTuple):
    """Scores in [0, 1] and counts of entities: gold, predicted, and in both."""

    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0
    support: int = 0
    predicted: int = 0
    correct: int = 0

    def to_json(self) -> dict[str, float]:
        return {
            name: round(value, 6) if isinstance(value, float) else value
            for name, value in self._asdict().items()
        }


@dataclasses.dataclass(frozen=True)
class Scores:
    """Entity scores over all labels together (micro) and per label, sorted by label.

    ``token_accuracy`` is the share of tokens with the same IOB2 tag on both sides, 0 where there
    is no token, and None for spans that may overlap. What gold leaves open is not scored:
    ``not_labelled`` sentences, and ``open_words`` in others, with the predicted entities on them.
    """

    overall: Score
    labels: dict[str, Score]
    token_accuracy: float | None
    sentences: int
    not_labelled: int = 0
    open_words: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain data with stable keys; floats are rounded to 6 decimals."""
        return {
            "overall": self.overall.to_json(),
            "labels": {label: score.to_json() for label, score in self.labels.items()},
            "token_accuracy": None
            if self.token_accuracy is None
            else round(self.token_accuracy, 6),
            "sentences": self.sentences,
            "not_labelled": self.not_labelled,
            "open_words": self.open_words,
        }

    def table(self) -> str:
        """A plain-text table: one row per label, then all together."""
        rows = [*self.labels.items(), ("all", self.overall)]
        return format_table(
            ["label", "precision", "recall", "f1", "gold", "predicted", "correct"],
            [[name, *score] for name, score in rows],
        )


def score_tags(
    gold: Sequence[Sequence[str]],
    pred: Sequence[Sequence[str]],
    *,
    ignore_labels: Collection[str] = (),
) -> Scores:
    """Score predicted tags, one sequence per sentence, in any IOB scheme (see iob_to_spans).

    ``ignore_labels`` become O on both sides. Raises XProjError when the two differ in the number
    of sentences or of tokens in one, or for a tag of no scheme.
    """
    check_sentences(gold, pred)
    for i, (gold_tags, pred_tags) in enumerate(zip(gold, pred, strict=True), 1):
        if len(gold_tags) != len(pred_tags):
            raise XProjError(
                Errors.XP702.format(sentence=i, gold=len(gold_tags), pred=len(pred_tags))
            )
    return _score(
        _decode(gold, "gold"),
        _decode(pred, "predicted"),
        lengths=[len(tags) for tags in gold],
        ignore=set(ignore_labels),
    )


def score_docs(
    gold: Iterable[Doc],
    pred: Iterable[Doc],
    *,
    ignore_labels: Collection[str] = (),
    names: Sequence[str] = (),
) -> Scores:
    """Score the ``doc.ents`` of predicted Docs against gold Docs of the same texts.

    Where the words of a pair differ but the text without whitespace is the same, both are cut at
    the word borders of either, so that character spans decide. As in ``spacy.scorer``, a gold Doc
    that is not labelled is left out, and so is a predicted entity with a word that gold leaves
    open. names: what to call the sentences in an error, by default by number. Raises XProjError
    when the numbers of Docs or the texts differ.
    """
    gold, pred = list(gold), list(pred)
    check_sentences(gold, pred)
    pairs = [
        _compare(gold_doc, pred_doc, names[i] if names else i + 1)
        for i, (gold_doc, pred_doc) in enumerate(zip(gold, pred, strict=True))
        if is_labelled(gold_doc)
    ]
    scores = _score(
        [pair.gold for pair in pairs],
        [pair.pred for pair in pairs],
        lengths=[pair.n for pair in pairs],
        ignore=set(ignore_labels),
        unknown=[pair.unknown for pair in pairs],
    )
    return dataclasses.replace(
        scores,
        not_labelled=len(gold) - len(pairs),
        open_words=sum(len(pair.unknown) for pair in pairs),
    )


def check_sentences(
    gold: Sequence[object],
    pred: Sequence[object],
    *,
    names: tuple[str, str] = ("gold", "the predictions"),
    places: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> None:
    """Raise XProjError where there are not as many of both. names, places: what to call the sides,
    and the sentences of each."""
    if len(gold) != len(pred):
        number = min(len(gold), len(pred))
        sentence = next((own[number] for own in places if len(own) > number), number + 1)
        said = {"gold_name": names[0], "pred_name": names[1], "sentence": sentence}
        raise XProjError(Errors.XP701.format(gold=len(gold), pred=len(pred), **said))


def _decode(sentences: Sequence[Sequence[str]], side: str) -> list[list[Span]]:
    spans = []
    for i, tags in enumerate(sentences, 1):
        try:
            spans.append(iob_to_spans(tags))
        except XProjError as error:
            raise XProjError(Errors.XP703.format(sentence=i, side=side, why=error)) from error
    return spans


def common_spans(
    gold: Doc, pred: Doc, sentence: int | str, *, group: str | None = None
) -> tuple[list[Span], list[Span], int]:
    """The entities of both over the same words, and how many words those are; without predicted
    ones on words that gold leaves open.

    group: take the gold spans from this span group, and not from ``doc.ents``. Raises XProjError,
    naming the sentence, where the texts differ.
    """
    return _compare(gold, pred, sentence, group=group)[:3]


def same_places(gold: Sequence[Doc], pred: Sequence[Doc]) -> dict[str, str]:
    """For each predicted label, sorted, the gold label that most of its entities have whose place
    is that of a gold entity; none where none is. Raises XProjError where the texts differ."""
    counts: dict[str, Counter[str]] = {}
    for number, (gold_doc, pred_doc) in enumerate(zip(gold, pred, strict=True), 1):
        if is_labelled(gold_doc):
            wanted, found, _ = common_spans(gold_doc, pred_doc, number)
            labels = {(start, end): label for start, end, label in wanted}
            for start, end, label in found:
                if (start, end) in labels:
                    counts.setdefault(label, Counter())[labels[start, end]] += 1
    return {
        label: min(own, key=lambda one: (-own[one], one)) for label, own in sorted(counts.items())
    }


class _Pair(NamedTuple):
    gold: list[Span]
    pred: list[Span]
    n: int
    unknown: set[int]  # words that gold leaves open


def _compare(gold: Doc, pred: Doc, sentence: int | str, *, group: str | None = None) -> _Pair:
    words = [[token.text for token in doc] for doc in (gold, pred)]
    gold_spans = gold.ents if group is None else gold.spans[group]
    spans = [[Span(e.start, e.end, e.label_) for e in side] for side in (gold_spans, pred.ents)]
    unknown = open_words(gold) if group is None else []
    if words[0] == words[1]:
        return _without_open(spans[0], spans[1], len(words[0]), set(unknown))

    bare = [["".join(word.split()) for word in side] for side in words]
    check_text(words, bare, sentence)
    offsets = [word_offsets(side, [False] * len(side)) for side in bare]
    borders = {end for side in offsets for _, end in side}
    pieces, _ = cut_at(bare[0], [False] * len(bare[0]), borders)
    pieces = [piece for piece in pieces if piece]
    # The border before piece i is at a character; 0 and the end of the text are borders too.
    index = {0: 0}
    for i, (_, end) in enumerate(word_offsets(pieces, [False] * len(pieces)), 1):
        index[end] = i
    common: list[list[Span]] = []
    for side_spans, side_offsets, side in zip(spans, offsets, ("gold", "predicted"), strict=True):
        common.append([])
        for start, end, label in side_spans:
            first, last = index[side_offsets[start][0]], index[side_offsets[end - 1][1]]
            if first == last:
                raise XProjError(
                    Errors.XP705.format(sentence=sentence, side=side, label=label, start=start)
                )
            common[-1].append(Span(first, last, label))
    among = {j for i in unknown for j in range(index[offsets[0][i][0]], index[offsets[0][i][1]])}
    return _without_open(common[0], common[1], len(pieces), among)


def _without_open(gold: list[Span], pred: list[Span], n: int, unknown: set[int]) -> _Pair:
    kept = [span for span in pred if unknown.isdisjoint(range(span.start, span.end))]
    return _Pair(gold, kept if unknown else pred, n, unknown)


def check_text(words: list[list[str]], bare: list[list[str]], sentence: int | str) -> None:
    """Raise XProjError unless both sides have the same characters, whitespace aside."""
    texts = ["".join(side) for side in bare]
    if texts[0] == texts[1]:
        return
    shorter = min(map(len, texts))
    at = next((i for i in range(shorter) if texts[0][i] != texts[1][i]), shorter)
    found, position = [], 0
    for number, (side_words, side) in enumerate(zip(words, bare, strict=True)):
        ends = [end for _, end in word_offsets(side, [False] * len(side))]
        word = next((i for i, end in enumerate(ends) if end > at), len(ends))
        found.append(side_words[word] if word < len(ends) else "(end)")
        if number == 0:
            position = word
    raise XProjError(
        Errors.XP704.format(sentence=sentence, position=position + 1, gold=found[0], pred=found[1])
    )


def _score(
    gold: Sequence[Sequence[Span]],
    pred: Sequence[Sequence[Span]],
    *,
    lengths: Sequence[int],
    ignore: set[str],
    unknown: Sequence[set[int]] = (),
) -> Scores:
    gold = [[span for span in spans if span.label not in ignore] for spans in gold]
    pred = [[span for span in spans if span.label not in ignore] for spans in pred]
    unknown = unknown or [set() for _ in lengths]
    n_tokens = sum(lengths) - sum(map(len, unknown))
    if not any(gold) and not any(pred):
        return Scores(Score(), {}, 1.0 if n_tokens else 0.0, len(gold))

    from seqeval.metrics import accuracy_score, classification_report
    from seqeval.scheme import IOB2

    support = Counter(span.label for spans in gold for span in spans)
    predicted = Counter(span.label for spans in pred for span in spans)
    correct = Counter(
        span.label for g, p in zip(gold, pred, strict=True) for span in set(g) & set(p)
    )
    names = sorted(support.keys() | predicted.keys())
    # seqeval strips hyphens from labels and puts its averages among them, so it gets numbers.
    codes = {name: str(i) for i, name in enumerate(names)}

    def encode(sides: Sequence[Sequence[Span]]) -> list[list[str]]:
        return [
            spans_to_iob([(s.start, s.end, codes[s.label]) for s in spans], n)
            for spans, n in zip(sides, lengths, strict=True)
        ]

    gold_tags, pred_tags = encode(gold), encode(pred)
    # Sentences without entities change no count but would take seqeval most of its time.
    kept = [i for i, (g, p) in enumerate(zip(gold, pred, strict=True)) if g or p]
    report = classification_report(
        [gold_tags[i] for i in kept],
        [pred_tags[i] for i in kept],
        output_dict=True,
        mode="strict",
        scheme=IOB2,
        zero_division=0,
    )

    def score(key: str, *counts: int) -> Score:
        row = report[key]
        return Score(float(row["precision"]), float(row["recall"]), float(row["f1-score"]), *counts)

    return Scores(
        overall=score("micro avg", support.total(), predicted.total(), correct.total()),
        labels={
            name: score(codes[name], support[name], predicted[name], correct[name])
            for name in names
        },
        token_accuracy=float(accuracy_score(*_known(gold_tags, pred_tags, unknown))),
        sentences=len(gold),
    )


def _known(
    gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], unknown: Sequence[set[int]]
) -> list[list[list[str]]]:
    """The tags of both sides at the words that gold does not leave open."""
    return [
        [
            [tag for i, tag in enumerate(tags) if i not in own]
            for tags, own in zip(side, unknown, strict=True)
        ]
        for side in (gold, pred)
    ]
