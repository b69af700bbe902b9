"""What speaks for and against each pair of a source entity and a candidate, as numbers.

Evidence is judged relative to the entity's own edges: punctuation, case and short words at a border
of a candidate count only where the entity's border is not like it. All of it is laid out as tables
over (entity, target word), since most is a sum over the words of a candidate or belongs to one of
its borders; only what is left depends on both borders at once.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..text.scripts import ends_as_word, in_capitals
from .batch import Batch
from .repeats import settle_repeats

# What a word looks like, as bits; above them its letters and digits, and how many brackets it opens
# less how many it closes.
_MARK, _LEADS, _TRAILS, _UPPER, _LOWER, _SHORT, _BRIEF = (1 << i for i in range(7))
_DEPTH_AT, _CHARS_AT = 7, 11
_DEPTH_ZERO, _MOST_CHARS = 8, 1 << 10
_FEW = 3  # characters; function words are short in most languages
_OPENING, _CLOSING = "([{«“„", ")]}»”"
# A span of this many source words is a clause rather than a name, and one of _CLAUSE + _RISE
# surely: the weights of borders are others there.
_CLAUSE, _RISE = 4, 8

# By where they lie. Their meanings are in ``Features``.
SUMS = ("share", "own", "foreign", "first", "last")
BORDERS = (
    *("inner", "outer", "match", "neighbour", "left_out", "taken_in", "sentence_edge", "no_edge"),
    *("mark_added", "mark_lost", "mark_cut", "before_mark"),
    *("lower", "name_cut", "short_added", "short_lost"),
)
SPANS = (
    *("purity", "log_share", "chars", "chars_squared", "chars_fewer", "words"),
    *("brackets", "marks_inside"),
)
NONE = ("bias", "log_words", "mass", "strongest")


@lru_cache(maxsize=1 << 17)
def _look(word: str) -> int:
    """The looks of a word, packed."""
    inner = [c for c in word if c.isalnum()]
    depth = sum(c in _OPENING for c in word) - sum(c in _CLOSING for c in word)
    packed = (min(max(depth, -7), 7) + _DEPTH_ZERO) << _DEPTH_AT
    if not inner:
        return packed | _MARK
    packed |= min(len(inner), _MOST_CHARS) << _CHARS_AT
    packed |= _LEADS * (not ends_as_word(word[0])) | _TRAILS * (not ends_as_word(word[-1]))
    packed |= _UPPER * inner[0].isupper() | _LOWER * inner[0].islower()
    brief = len(inner) <= _FEW and inner[-1].isalpha()
    return packed | _SHORT * (inner[0].islower() and brief) | _BRIEF * brief


def _case_blind(packed: int) -> int:
    """The looks of a word of a sentence in capitals: case says nothing, and function words are not
    in small letters."""
    return packed & ~(_UPPER | _LOWER | _SHORT) | _SHORT * bool(packed & _BRIEF)


class Features(NamedTuple):
    """n pairs of entities and candidates, of e entities; width: words of the longest target and 1.

    pairs: which of the batch's pairs they are, shape (n,): those that begin and end at words linked
    to the entity. entity, starts, ends: of each, shape (n,). long: from 0, the entity is a name, to
    1, it is a clause, shape (e,).

    sums: amounts that are summed over a candidate's words, shape (e, width). ``share``: of the
    entity's links, each of its words counting 1 in all. ``own``, ``foreign``: of a word's own
    links, how much goes to the entity and to other words, together 1. ``first``, ``last``: share of
    the links of the entity's first and last word.

    left, right: of a border at a first or last word, shape (e, width). ``inner``, ``outer``: log
    odds of ``own`` of the word inside and outside. ``match``: how much of the inner word's links go
    to the entity's border word; ``neighbour``: of the outer word's to the word beyond it.
    ``left_out``: the share of the entity's border word that the outer word has; ``taken_in``: that
    of the word beyond, which the inner word has. ``sentence_edge``: the target ends here and the
    source does not; ``no_edge``: the reverse. ``mark_added``: the inner word is punctuation, the
    entity's border is not; ``mark_lost``: the reverse; ``mark_cut``: and it is right outside.
    ``before_mark``: punctuation is right outside, and in neither border. ``lower``: begins in lower
    case, the entity's border does not; ``name_cut``: both in upper case and the outer word too, the
    word beyond is not. ``short_added``: a lower-case word of at most three letters, the entity's
    border is none; ``short_lost``: the reverse.

    spans: what needs both borders, shape (n,). ``purity``: ``own`` by its sum with ``foreign``.
    ``log_share``: of the summed ``share``. ``chars``: by what factor the letters are more or fewer
    than the entity's would lead one to expect, given the two sentences (absolute logarithm),
    ``chars_squared``, ``chars_fewer``: only where fewer. ``words``: the same of words, as if both
    sentences were of one length. ``brackets``: one of two, while the entity has both or none.
    ``marks_inside``: more punctuation inside than the entity has.

    none: that nothing fits, shape (e,). ``log_words``: of the entity. ``mass``, ``strongest``: the
    sum and the maximum of each of its words' links, in the mean.
    """

    pairs: np.ndarray
    entity: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    long: np.ndarray
    sums: dict[str, np.ndarray]
    left: dict[str, np.ndarray]
    right: dict[str, np.ndarray]
    spans: dict[str, np.ndarray]
    none: dict[str, np.ndarray]


class _Side(NamedTuple):
    """One side of all sentences: ``offsets``, shape (v + 1,), of each in ``packed``, the looks of
    all words one after another."""

    offsets: np.ndarray
    packed: np.ndarray

    @classmethod
    def of(cls, sentences: Sequence[Sequence[str]]) -> "_Side":
        offsets = _before(np.array([len(words) for words in sentences], dtype=np.int64))
        looks = np.fromiter(map(_look, chain.from_iterable(sentences)), np.int64, offsets[-1])
        small = _before(((looks & _LOWER) > 0).astype(np.int64))
        # Few sentences have no word that begins in a small letter, and only these are looked at.
        for i in np.flatnonzero(small[offsets[1:]] == small[offsets[:-1]]).tolist():
            if in_capitals(sentences[i]):
                own = slice(offsets[i], offsets[i + 1])
                looks[own] = [_case_blind(look) for look in looks[own].tolist()]
        return cls(offsets, looks)

    @property
    def chars(self) -> np.ndarray:
        return self.packed >> _CHARS_AT

    @property
    def depth(self) -> np.ndarray:
        """How many brackets each word opens less those that it closes."""
        return ((self.packed >> _DEPTH_AT) & 15) - _DEPTH_ZERO

    def has(self, bits: int) -> np.ndarray:
        """1.0 where a word has any of the bits."""
        found: np.ndarray = ((self.packed & bits) > 0).astype(np.float64)
        return found


class _Joined(NamedTuple):
    """Pairs of words of all sentences: the source word in all, sorted; the target word in its own
    sentence; and in all."""

    source: np.ndarray
    target: np.ndarray
    target_in_all: np.ndarray


def _before(values: np.ndarray) -> np.ndarray:
    """Sums of what comes before each value, and of all; one longer than the values."""
    return np.concatenate([np.zeros(1, dtype=values.dtype), values.cumsum()])


def _prefix(table: np.ndarray) -> np.ndarray:
    """Sums of what comes before each column; the last column is left out, which is behind all
    words. Row by row, so that a sentence comes out the same in any batch."""
    result = np.zeros_like(table)
    np.cumsum(table[:, :-1], axis=1, out=result[:, 1:])
    return result


def _shift(table: np.ndarray, by: int) -> np.ndarray:
    """The table of the word before (-1) or after (1) each word, 0 where there is none."""
    result = np.zeros_like(table)
    if by < 0:
        result[:, 1:] = table[:, :-1]
    else:
        result[:, :-1] = table[:, 1:]
    return result


def _log_odds(share: np.ndarray) -> np.ndarray:
    odds: np.ndarray = np.log((share + 0.05) / (1.05 - np.minimum(share, 1.0)))
    return odds


def _joined_links(batch: Batch, source: _Side, target: _Side) -> tuple[_Joined, np.ndarray]:
    """The links of all views and their strengths."""
    all_links = [
        settle_repeats(view, sentence, own)
        for view, sentence, own in zip(batch.views, batch.targets, batch.links, strict=True)
    ]
    counts = np.array([len(links) for links in all_links], dtype=np.int64)
    home = np.repeat(np.arange(len(counts)), counts)
    n = len(home)
    k = np.fromiter(chain.from_iterable(own.sources for own in all_links), np.int64, n)
    l = np.fromiter(chain.from_iterable(own.targets for own in all_links), np.int64, n)
    a = np.fromiter(chain.from_iterable(own.strengths for own in all_links), np.float64, n)
    return _Joined(source.offsets[home] + k, l, target.offsets[home] + l), a


def _ranges(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers of the ranges [first, last), and which range each is of."""
    sizes = last - first
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, np.arange(len(owner)) + np.repeat(first - _before(sizes)[:-1], sizes)


class _Rows:
    """Sums over some source words of each entity, as tables (entities, width)."""

    def __init__(self, joined: _Joined, first: np.ndarray, last: np.ndarray, width: int) -> None:
        """first, last: the source words in all, [first, last)."""
        self._shape = len(first), width
        borders = (np.searchsorted(joined.source, side) for side in (first, last))
        owner, self._items = _ranges(*borders)
        self._places = owner * width + joined.target[self._items]

    def sum(self, values: np.ndarray) -> np.ndarray:
        """values: one for each pair of words."""
        n_rows, width = self._shape
        weights = values[self._items]
        return np.bincount(self._places, weights, n_rows * width).reshape(n_rows, width)


def extract(batch: Batch) -> Features:
    """The features of all pairs of a batch that can be chosen."""
    width, home = batch.width, batch.entity_home
    source = _Side.of([view.words for view in batch.views])
    target = _Side.of([sentence.words for sentence in batch.targets])
    spans = np.array([e[:2] for e in batch.entities], dtype=np.int64).reshape(-1, 2)
    starts, ends = (spans + source.offsets[home][:, None]).T
    words = (ends - starts).astype(np.float64)
    sizes, source_sizes = _sizes(batch, source, width)

    links, strengths = _joined_links(batch, source, target)
    by_source = np.bincount(links.source, strengths, len(source.packed))
    by_target = np.bincount(links.target_in_all, strengths, len(target.packed))
    forward, backward = (
        strengths / by_source[links.source],
        strengths / by_target[links.target_in_all],
    )
    whole = _Rows(links, starts, ends, width)
    linked_words = _before((by_source > 0).astype(np.int64))
    n_linked = np.maximum(linked_words[ends] - linked_words[starts], 1)
    present = _table(target, by_target > 0, width)[home]
    own = whole.sum(backward)
    first, last = (_Rows(links, at, at + 1, width) for at in (starts, ends - 1))

    sums = {
        "share": whole.sum(forward) / n_linked[:, None],
        "own": own,
        "foreign": present - own,
        "first": first.sum(forward),
        "last": last.sum(forward),
    }

    n_source, n_target = (
        source.offsets[home + 1] - source.offsets[home],
        np.diff(target.offsets)[home],
    )
    looks = {
        bits: _table(target, target.has(bits), width)[home]
        for bits in (_MARK, _LEADS, _TRAILS, _UPPER, _LOWER, _SHORT)
    }
    borders = []
    for by, at, own_rows, hangs in ((-1, starts, first, _LEADS), (1, ends - 1, last, _TRAILS)):
        beyond = at + by
        # In the source, and in the target, nothing lies beyond.
        edge = (spans[:, 0] == 0) if by < 0 else (spans[:, 1] == n_source)
        column = np.zeros(len(at), dtype=np.int64) if by < 0 else n_target - 1
        target_edge = np.zeros((len(at), width))
        target_edge[np.arange(len(at)), column] = 1.0
        outer_rows = _Rows(links, np.where(edge, at, beyond), np.where(edge, at, beyond + 1), width)
        borders.append(
            _border(
                by=by,
                edge=edge.astype(np.float64)[:, None],
                target_edge=target_edge,
                present=present,
                own=own,
                forward=(own_rows.sum(forward), outer_rows.sum(forward)),
                backward=(own_rows.sum(backward), outer_rows.sum(backward)),
                looks=looks,
                here=source.packed[at][:, None],
                beyond=np.where(edge, 0, source.packed[np.where(edge, at, beyond)])[:, None],
                initial=((spans[:, 0] == 0) if by < 0 else (spans[:, 1] == 1))[:, None],
                hangs=hangs,
            )
        )

    possible = whole.sum(strengths) > 0
    candidate = batch.candidate
    begin, end, entity = batch.starts[candidate], batch.ends[candidate], batch.entity
    pairs = np.flatnonzero(possible[entity, begin] & possible[entity, end - 1])
    entity, begin, end, candidate = entity[pairs], begin[pairs], end[pairs], candidate[pairs]

    def over(table: np.ndarray) -> np.ndarray:
        before = _prefix(table)
        return before[entity, end] - before[entity, begin]

    share, belongs, foreign = over(sums["share"]), over(sums["own"]), over(sums["foreign"])
    total_chars = [
        np.maximum(np.add.reduceat(np.append(side.chars, 0), side.offsets[:-1])[home], 1)
        for side in (source, target)
    ]
    chars = _over(source.chars, starts, ends)
    expected = np.maximum(chars, 0.5) * total_chars[1] / total_chars[0]
    off = np.log(np.maximum(_over_candidates(batch, target, target.chars)[candidate], 0.5))
    off -= np.log(expected)[entity]
    candidate_words = _over_candidates(batch, target, _flat(sizes, target))[candidate]
    source_words = _over(source_sizes, starts, ends)
    marks = [side.has(_MARK | _TRAILS) for side in (source, target)]
    marks_inside = _over_candidates(batch, target, marks[1], but_last=True)[candidate]
    marks_inside -= _over(marks[0], starts, ends - 1)[entity]
    unpaired = (_over_candidates(batch, target, target.depth) != 0)[candidate]
    unpaired_source = _over(source.depth, starts, ends) != 0
    strongest = np.zeros(len(source.packed))
    np.maximum.at(strongest, links.source, strengths)
    return Features(
        pairs,
        entity,
        begin,
        end,
        np.clip((words - _CLAUSE) / _RISE, 0.0, 1.0),
        sums,
        borders[0],
        borders[1],
        {
            "purity": belongs / np.maximum(belongs + foreign, 1e-9),
            "log_share": np.log(share + 0.03),
            "chars": np.abs(off),
            "chars_squared": off**2,
            "chars_fewer": np.maximum(-off, 0.0),
            "words": np.abs(np.log(candidate_words / source_words[entity])),
            "brackets": (unpaired & ~unpaired_source[entity]).astype(np.float64),
            "marks_inside": np.maximum(marks_inside, 0.0),
        },
        {
            "bias": np.ones(len(words)),
            "log_words": np.log(words),
            "mass": _over(by_source, starts, ends) / words,
            "strongest": _over(strongest, starts, ends) / words,
        },
    )


def _border(
    *,
    by: int,
    edge: np.ndarray,
    target_edge: np.ndarray,
    present: np.ndarray,
    own: np.ndarray,
    forward: tuple[np.ndarray, np.ndarray],
    backward: tuple[np.ndarray, np.ndarray],
    looks: dict[int, np.ndarray],
    here: np.ndarray,
    beyond: np.ndarray,
    initial: np.ndarray,
    hangs: int,
) -> dict[str, np.ndarray]:
    """The features of one border at each word, as ``Features`` describes them; shape (e, width).

    by: -1 for the left, 1 for the right one. edge, target_edge: the sentence ends here, of the
    source (e, 1) and the target. forward, backward: shares of the entity's border word, and of the
    word beyond it. here, beyond: the looks of these two, (e, 1). initial: the entity's border word
    is the first of its sentence. hangs: the bit of punctuation that hangs on this side.
    """

    def is_(packed: np.ndarray, bit: int) -> np.ndarray:
        return ((packed & bit) > 0).astype(np.float64)

    def outside(table: np.ndarray) -> np.ndarray:
        return _shift(table, by)

    outer_present = outside(present)
    # Behind the first word of a target, seen from its left border, there is none.
    mark, plain = is_(here, _MARK), 1.0 - is_(here, _MARK)
    plain_target = 1.0 - looks[_MARK]
    outer_mark = outside(looks[_MARK])
    capital = looks[_UPPER].copy()
    capital[:, 0] = 0.0  # the first word of a sentence has one whatever it is
    short = is_(here, _SHORT)
    return {
        "inner": _log_odds(own) * present,
        "outer": outside(_log_odds(own)) * outer_present,
        "match": backward[0],
        "neighbour": outside(backward[1]),
        "left_out": outside(forward[0]),
        "taken_in": forward[1],
        "sentence_edge": target_edge * (1.0 - edge),
        "no_edge": (1.0 - target_edge) * edge,
        "mark_added": looks[_MARK] * plain,
        "mark_lost": mark * plain_target * (1.0 - looks[hangs]),
        "mark_cut": mark * plain_target * outer_mark,
        "before_mark": plain * plain_target * outer_mark,
        "lower": is_(here, _UPPER) * (1.0 - initial) * looks[_LOWER],
        "name_cut": is_(here, _UPPER)
        * looks[_UPPER]
        * outside(capital)
        * (1.0 - is_(beyond, _UPPER)),
        "short_added": looks[_SHORT] * (1.0 - short),
        "short_lost": short * (1.0 - looks[_SHORT]),
    }


def _table(side: _Side, values: np.ndarray, width: int) -> np.ndarray:
    """One row a sentence, 0 behind its words; shape (v, width)."""
    lengths = np.diff(side.offsets)
    table = np.zeros((len(lengths), width))
    table[np.arange(width) < lengths[:, None]] = values
    return table


def _flat(table: np.ndarray, side: _Side) -> np.ndarray:
    """The reverse of ``_table``."""
    values: np.ndarray = table[np.arange(table.shape[1]) < np.diff(side.offsets)[:, None]]
    return values


def _over(values: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Sums over the words [start, end) of all sentences."""
    before = _before(values)
    sums: np.ndarray = before[ends] - before[starts]
    return sums


def _over_candidates(
    batch: Batch, target: _Side, values: np.ndarray, *, but_last: bool = False
) -> np.ndarray:
    """Sums over the words of each candidate, or over all of them but the last."""
    first = target.offsets[batch.home]
    return _over(values, first + batch.starts, first + batch.ends - but_last)


def _sizes(batch: Batch, source: _Side, width: int) -> tuple[np.ndarray, np.ndarray]:
    """How much each word counts, see ``sizes``: of targets (v, width); of all source words."""
    of_targets, of_sources = np.ones((len(batch.views), width)), np.ones(len(source.packed))
    for v, own in batch.sizes.items():
        of_targets[v, : len(own.target)] = own.target
        of_sources[source.offsets[v] : source.offsets[v + 1]] = own.source
    return of_targets, of_sources
