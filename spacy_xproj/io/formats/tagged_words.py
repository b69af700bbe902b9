"""Entities that a tag for each word says, whatever the format."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...data.spans import Span, iob_to_spans
from ..notes import note
from .char_spans import ONLY_BLANKS, TRIMMED
from .tag_schemes import Scheme, find_scheme


def read_tags(tags: Sequence[str], known: Iterable[str] | None = None) -> list[Span] | None:
    """The entities of tags that are of one scheme; None where they are of none. known: the tags
    that all of the file has, where it says them, from which the scheme follows."""
    found = frozenset(tags)
    if found <= {"O"} or found == {"o"}:
        return []  # as those of most sentences; of a scheme in lower case
    read = _read_all(found, None if known is None else find_scheme(known))
    return None if read is None else iob_to_spans([read[tag] for tag in tags])


@lru_cache(maxsize=1 << 12)  # many sentences have the same few tags
def _read_all(tags: frozenset[str], scheme: Scheme | None) -> dict[str, str] | None:
    """Each tag in the form of ``data.spans``, by this scheme or else by one that reads them all."""
    scheme = scheme or find_scheme(tags)
    read = {} if scheme is None else {tag: scheme.read(tag) for tag in tags}
    found = {tag: normal for tag, normal in read.items() if normal is not None}
    return found if len(found) == len(tags) else None


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
