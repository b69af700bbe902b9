"""What the numbers in a file of links count: fast_align, SimAlign, awesome-align and all that read
Pharaoh files count words between blanks, which need not be the tokens of a document."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from ..data.links import Links
from ..data.sentence import Sentence
from ..errors import Errors, XProjError
from ..io.lines import iter_lines, place, write_lines
from ..io.records import parse_record
from ..text.scripts import ends_as_word

_SUFFIX = ".words.jsonl"
_SIDES = ("source", "target")

# Of one pair: the words of either side that links count.
Pair = tuple[Sequence[str], Sequence[str]]


def words_path(path: str | Path) -> Path:
    """The file beside a file of links that says which words it counts, where they are neither given
    nor between blanks: a line a pair, ``{"source": [...], "target": [...]}``."""
    return Path(f"{path}{_SUFFIX}")


def write_words(pairs: Iterable[Pair] | None, path: str | Path) -> None:
    """Write the words beside the file of links ``path``; with None there are none to write, and
    those of an earlier file of that name go."""
    import srsly

    beside = words_path(path)
    if pairs is None:
        beside.unlink(missing_ok=True)
        return
    records = (dict(zip(_SIDES, map(list, pair), strict=True)) for pair in pairs)
    write_lines(beside, map(srsly.json_dumps, records))


def read_words(path: str | Path) -> list[Pair] | None:
    """The words beside a file of links; None where there are none. Raises XProjError where they are
    not what ``write_words`` writes."""
    beside = words_path(path)
    if not beside.exists():
        return None
    pairs: list[Pair] = []
    for number, line in enumerate(iter_lines(beside), 1):
        where = place(beside, number)
        record = parse_record(line, where)
        sides = [record.get(side) for side in _SIDES]
        for side in sides:
            if not isinstance(side, list) or not all(isinstance(w, str) and w for w in side):
                raise XProjError(Errors.XP419.format(where=where))
        pairs.append((sides[0] or [], sides[1] or []))
    return pairs


def blank_words(sentence: Sentence) -> list[str]:
    """The words between blanks."""
    return sentence.text.split()


def in_tokens(
    links: Links, counted: Pair, source: Sentence, target: Sentence, *, where: str
) -> Links:
    """Links between ``counted`` words as links between the tokens of two sentences of the same
    characters, white space aside.

    Of the tokens that a word covers those with a letter or digit are linked; punctuation that hangs
    on it only with the same punctuation on the other side, or where the word has nothing else. The
    links must lie within the words. Raises XProjError naming ``where`` where the text of the two is
    not the same.
    """
    sides = [(counted[0], source, "source"), (counted[1], target, "target")]
    if all(tuple(words) == sentence.words for words, sentence, _ in sides):
        return links
    covered = [_covered(*side, where=where) for side in sides]
    return Links(
        (s, t, a)
        for k, l, a in links
        for s, t in _token_pairs(covered[0][k], covered[1][l], source.words, target.words)
    )


def _covered(words: Sequence[str], sentence: Sentence, side: str, *, where: str) -> list[list[int]]:
    """The tokens that share a character with each word."""
    given, own = _letters(words), _letters(sentence.words)
    if "".join(given) != "".join(own):
        raise XProjError(
            Errors.XP420.format(
                where=where, side=side, words=" ".join(words)[:60], text=sentence.text[:60]
            )
        )
    starts = list(accumulate(map(len, own), initial=0))
    owner = [i for i, (a, b) in enumerate(pairwise(starts)) for _ in range(a, b)]
    borders = accumulate(map(len, given), initial=0)
    return [sorted({*owner[a:b]}) for a, b in pairwise(borders)]


def _letters(words: Iterable[str]) -> list[str]:
    return ["".join(word.split()) for word in words]


def _token_pairs(
    sources: Sequence[int],
    targets: Sequence[int],
    source_words: Sequence[str],
    target_words: Sequence[str],
) -> list[tuple[int, int]]:
    all_pairs = [(s, t) for s in sources for t in targets]
    if len(all_pairs) < 2:
        return all_pairs
    plain = {s: _has_letter(source_words[s]) for s in sources}
    other = {t: _has_letter(target_words[t]) for t in targets}
    kept = [
        (s, t)
        for s, t in all_pairs
        if (plain[s] and other[t])
        or (not plain[s] and not other[t] and source_words[s] == target_words[t])
    ]
    return kept or all_pairs


def _has_letter(word: str) -> bool:
    return any(map(ends_as_word, word))
