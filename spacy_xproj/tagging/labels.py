"""From a tagger's labels to those wanted: mapping, and leaving out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from .base import Tagged

# What the labels of common NER models are called in the benchmarks (docs/methods.md, "Source NER").
COMMON_LABELS: dict[str, str] = {
    "PERSON": "PER",
    "ORGANIZATION": "ORG",
    "ORGANISATION": "ORG",
    "GPE": "LOC",
    "LOCATION": "LOC",
    "FAC": "LOC",
}


LONGEST_LABEL = 100  # characters


def is_label(text: str) -> bool:
    """Whether a text can be a label: what a server or a file gives may be anything."""
    return 0 < len(text) <= LONGEST_LABEL and text.isprintable() and text == text.strip()


def full_label_map(given: Mapping[str, str] | None) -> dict[str, str]:
    """The names that a component's setting asks for: those given, over ``COMMON_LABELS``; none at
    all for an empty one."""
    if given is None:
        return dict(COMMON_LABELS)
    return {**COMMON_LABELS, **given} if given else {}


def map_labels(
    entities: Iterable[Tagged], *, label_map: Mapping[str, str], ignore: Collection[str]
) -> tuple[list[Tagged], Counter[str]]:
    """Rename labels, and leave out those to ignore (before or after renaming).

    Returns the entities kept, and how many of each label were left out.
    """
    kept: list[Tagged] = []
    left_out: Counter[str] = Counter()
    for entity in entities:
        label = label_map.get(entity.label, entity.label)
        if label in ignore or entity.label in ignore:
            left_out[label] += 1
        else:
            kept.append(entity if label == entity.label else entity._replace(label=label))
    return kept, left_out
