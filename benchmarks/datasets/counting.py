"""What a corpus holds, as a table for the terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from ..xquad.build import GROUP


def label_counts(docs: Sequence[Doc]) -> Counter[str]:
    """Entities by label; where Docs have gold mentions, these."""
    return Counter(span.label_ for doc in docs for span in doc.spans.get(GROUP, doc.ents))


def count_rows(docs: Mapping[str, Sequence[Doc]]) -> tuple[list[str], list[list[str | int]]]:
    """Columns and rows: sentences, tokens and entities of each language, by label and in all."""
    counts = {lang: label_counts(own) for lang, own in docs.items()}
    labels = sorted({label for own in counts.values() for label in own})
    rows: list[list[str | int]] = [
        [
            *(lang, len(own), sum(map(len, own))),
            *(counts[lang][label] for label in labels),
            counts[lang].total(),
        ]
        for lang, own in docs.items()
    ]
    return ["language", "sentences", "tokens", *labels, "entities"], rows
