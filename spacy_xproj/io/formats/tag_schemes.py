"""How the tags of a file say where entities begin: prefix or suffix, case, letters.

One file has one scheme. ``find_scheme`` finds it in some of its tags; tags are then brought to the
form of ``data.spans.iob_to_spans``, ``B-PER``.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

# What entities are called where the tags have no label.
BARE_LABEL = "ENTITY"

# The letters of IOB, BILUO, BIOES, and those of BMES and BMEWO, in the terms of BILUO.
_LETTERS = {**{letter: letter for letter in "BILEUS"}, "M": "I", "W": "U"}


# Several tags in one: of nested entities, or of all words of a sentence.
_SEVERAL = re.compile(r"(?:[|,;&+]\s*|\s)[BILEUSMWbileusmw][-_]|\s[Oo](?:\s|$)")


# How sure somebody was, behind a label.
_SCORE = re.compile(r"(?:[^\w.]|_)\(?(?:0?\.\d+|1\.0+|\d{1,3}(?:\.\d+)?\s?%|\d\.\d+e-\d+)\)?$")


def is_label(text: str) -> bool:
    """Whether it can be the label in a tag: it is not empty, has no blank at its ends, and is not
    followed by another tag (``PER|B-ORG``, ``PER O O``), or by a score (``PER:0.93``)."""
    return bool(text) and text == text.strip() and not _SEVERAL.search(text) and not has_score(text)


def has_score(text: str) -> bool:
    """Whether a label ends in a score."""
    return bool(_SCORE.search(text))


class Scheme(NamedTuple):
    """sep: what stands between letter and label; empty where there are no labels. suffix: whether
    the letter comes last. lower: whether it is in lower case. letters: those it knows."""

    name: str
    sep: str
    suffix: bool = False
    lower: bool = False
    letters: str = "BILEUS"

    def read(self, tag: str) -> str | None:
        """The tag as ``O`` or letter, hyphen, label; None for one that is not of this scheme."""
        if tag == ("o" if self.lower else "O"):
            return "O"
        if not self.sep:
            letter, label = tag, BARE_LABEL
        elif self.suffix:
            label, _, letter = tag.rpartition(self.sep)
        else:
            letter, _, label = tag.partition(self.sep)
        letter = letter.swapcase() if self.lower else letter
        if len(letter) != 1 or letter not in self.letters or not is_label(label):
            return None
        # "B-O" occurs in Universal NER and means outside
        return "O" if label == "O" else f"{_LETTERS[letter]}-{label}"


STANDARD = Scheme("B-PER", "-")
# In order: the first that reads all of a file's tags is its scheme.
SCHEMES = (
    STANDARD,
    Scheme("B-PER with M or W", "-", letters="BILEUSMW"),
    Scheme("B_PER", "_", letters="BILEUSMW"),
    Scheme("b-per", "-", lower=True, letters="BILEUSMW"),
    Scheme("b_per", "_", lower=True, letters="BILEUSMW"),
    Scheme("PER-B", "-", suffix=True, letters="BILEUSMW"),
    Scheme("PER_B", "_", suffix=True, letters="BILEUSMW"),
    Scheme("B and I without labels", "", letters="BILEUSMW"),
)
READ = "O, and one of " + ", ".join(scheme.name for scheme in SCHEMES)


def find_scheme(tags: Iterable[str]) -> Scheme | None:
    """The scheme that reads all tags, or None. Without any entity it is the standard one.

    But for the standard one, a tag that begins an entity (B, U, S or W) must be among them: letters
    that happen to end lines do not make a file of tags.
    """
    found = set(tags)
    if found <= {"O"}:
        return STANDARD
    for scheme in SCHEMES:
        read = [scheme.read(tag) for tag in found]
        if None in read:
            continue
        if scheme is STANDARD or any(tag and tag[0] in "BUS" for tag in read):
            return scheme
    return None
