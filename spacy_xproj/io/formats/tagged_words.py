"""Entities that a tag for each word says, whatever the format."""

from collections.abc import Iterable, Sequence

from ...data.spans import Span, iob_to_spans
from ..notes import note
from .char_spans import ONLY_BLANKS, TRIMMED
from .tag_schemes import Scheme, find_scheme


def read_tags(tags: Sequence[str], known: Iterable[str] | None = None) -> list[Span] | None:
    """The entities of tags that are of one scheme; None where they are of none. known: the tags
    that all of the file has, where it says them, from which the scheme follows."""
    if set(tags) <= {"O"} or set(tags) == {"o"}:
        return []  # as those of most sentences; of a scheme in lower case
    scheme: Scheme | None = None if known is None else find_scheme(known)
    scheme = scheme or find_scheme(tags)
    read = {} if scheme is None else {tag: scheme.read(tag) for tag in set(tags)}
    normal = [read.get(tag) for tag in tags]
    return None if None in normal else iob_to_spans([tag or "O" for tag in normal])


def without_blanks(
    spans: Iterable[tuple[int, int, str]], words: Sequence[str], where: str
) -> list[tuple[int, int, str]]:
    """The entities without words of nothing but blanks at their edges, which are noted."""
    found = []
    for start, end, label in spans:
        inside = [i for i in range(start, end) if words[i].strip()]
        if not inside:
            note(ONLY_BLANKS, where)
            continue
        if (inside[0], inside[-1] + 1) != (start, end):
            note(TRIMMED, where)
        found.append((inside[0], inside[-1] + 1, label))
    return found
