"""Strict scores of spans of every shape: one counts when its words and its label are right."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from spacy.scorer import PRFScore
from spacy.tokens import Doc

from ..data.span_groups import check_group, read_group
from ..data.spans import word_offsets
from .scoring import Score, Scores, check_sentences, check_text

# The characters of each part, white space not counted, and the label.
Key = tuple[tuple[tuple[int, int], ...], str]


def score_spans(
    gold: Iterable[Doc],
    pred: Iterable[Doc],
    *,
    key: str,
    ignore_labels: Collection[str] = (),
    name: str = "gold",
    names: Sequence[str] = (),
) -> Scores:
    """Score ``doc.spans[key]`` of predicted Docs against gold Docs of the same texts, whose words
    may differ.

    A gold Doc with words and without the group is not labelled, and left out; of a predicted one
    it counts as empty. name, names: what to call gold, and the sentences, in an error. Raises
    XProjError when the numbers of Docs or the texts differ, and where no gold Doc has the group.
    """
    gold, pred = list(gold), list(pred)
    check_sentences(gold, pred)
    with_words = [(i, doc) for i, doc in enumerate(gold, 1) if len(doc)]
    if with_words and not any(key in doc.spans for _, doc in with_words):
        first, doc = with_words[0]
        check_group(doc, key, path=name, sentence=first)
    by_label: dict[str, PRFScore] = defaultdict(PRFScore)
    overall = PRFScore()
    not_labelled = 0
    for number, (gold_doc, pred_doc) in enumerate(zip(gold, pred, strict=True), 1):
        bare = [["".join(token.text.split()) for token in doc] for doc in (gold_doc, pred_doc)]
        words = [[token.text for token in doc] for doc in (gold_doc, pred_doc)]
        check_text(words, bare, names[number - 1] if names else number)
        if len(gold_doc) and key not in gold_doc.spans:
            not_labelled += 1
            continue
        sides = [
            {one for one in _spans(doc, own, key) if one[1] not in ignore_labels}
            for doc, own in zip((gold_doc, pred_doc), bare, strict=True)
        ]
        overall.score_set(sides[1], sides[0])
        for label in {label for side in sides for _, label in side}:
            own = [{one for one in side if one[1] == label} for side in sides]
            by_label[label].score_set(own[1], own[0])
    return Scores(
        overall=_score(overall),
        labels={label: _score(by_label[label]) for label in sorted(by_label)},
        token_accuracy=None,
        sentences=len(gold) - not_labelled,
        not_labelled=not_labelled,
    )


def _spans(doc: Doc, bare: list[str], key: str) -> list[Key]:
    offsets = word_offsets(bare, [False] * len(bare))
    return [
        (tuple((offsets[a][0], offsets[b - 1][1]) for a, b in shape.parts), shape.label)
        for shape in read_group(doc, key)
    ]


def _score(counts: PRFScore) -> Score:
    support, predicted = counts.tp + counts.fn, counts.tp + counts.fp
    if not support + predicted:
        return Score()
    return Score(counts.precision, counts.recall, counts.fscore, support, predicted, counts.tp)
