"""The subwords of sentences that are given as lists of words.

Where words are single letters of a script without blanks, a tokenizer is given them in one, as they
are written: most of its subwords are then longer than a letter, and belong to several words.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from ..text.scripts import glued_runs, has_unspaced


class Pieces(NamedTuple):
    """The subwords of one sentence: vocabulary ids, and for each the words ``[start, end)`` that it
    belongs to, in ascending order.

    Two subwords belong to the same words, or to none in common. ends: None where each belongs to
    one word.
    """

    ids: list[int]
    words: list[int]
    ends: list[int] | None = None


def split_pieces(tokenizer: Any, sentences: Sequence[Sequence[str]]) -> list[Pieces]:
    """Subwords of pre-tokenised sentences, without special tokens.

    A word may have none (a control character, say). Words are encoded one by one where the
    tokenizer is slow (no word ids), in one call where it is fast.
    """
    if not sentences:
        return []
    if not getattr(tokenizer, "is_fast", False):
        return [_split_slowly(tokenizer, sentence) for sentence in sentences]
    runs = [_runs(sentence) for sentence in sentences]
    # Tokenizers refuse an empty list of words, and whitespace-only words have no subword.
    encoded = tokenizer(
        [_join(s, own) or [""] for s, own in zip(sentences, runs, strict=True)],
        is_split_into_words=True,
        add_special_tokens=False,
        truncation=False,
        return_offsets_mapping=any(runs),
        verbose=False,
    )
    result = []
    for i, (sentence, own) in enumerate(zip(sentences, runs, strict=True)):
        ids, places = list(encoded["input_ids"][i]), [w or 0 for w in encoded.word_ids(i)]
        if not sentence:
            result.append(Pieces([], []))
        elif own is None:
            result.append(Pieces(ids, places))
        else:
            offsets = encoded["offset_mapping"][i]
            result.append(Pieces(ids, *_words_of_pieces(sentence, own, places, offsets)))
    return result


def _runs(words: Sequence[str]) -> list[tuple[int, int]] | None:
    """What ``glued_runs`` gives; None where each word stands alone."""
    runs = glued_runs(words) if has_unspaced(words) else []
    return runs if 0 < len(runs) < len(words) else None


def _split_slowly(tokenizer: Any, sentence: Sequence[str]) -> Pieces:
    ids: list[int] = []
    words: list[int] = []
    for i, word in enumerate(sentence):
        piece_ids = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(word))
        ids.extend(piece_ids)
        words.extend([i] * len(piece_ids))
    return Pieces(ids, words)


def _join(words: Sequence[str], runs: list[tuple[int, int]] | None) -> list[str]:
    return list(words) if runs is None else ["".join(words[a:b]) for a, b in runs]


def _words_of_pieces(
    words: Sequence[str],
    runs: Sequence[tuple[int, int]],
    runs_of: Sequence[int],
    offsets: Sequence[tuple[int, int]],
) -> tuple[list[int], list[int]]:
    """For each subword, first and last (exclusive) of its words; subwords that share a word get all
    words of both.

    runs_of, offsets: for each subword its run, and its characters within it.
    """
    stops = [list(accumulate(len(word) for word in words[a:b])) for a, b in runs]
    starts: list[int] = []
    ends: list[int] = []
    same = 0  # the first subword that shares words with the one before the next
    for i, (run, (start, end)) in enumerate(zip(runs_of, offsets, strict=True)):
        first, stop = runs[run]
        own = stops[run]
        a = min(first + bisect_right(own, start), stop - 1)
        b = min(first + bisect_right(own, max(end - 1, start)), stop - 1) + 1
        starts.append(a)
        ends.append(b)
        if i and a < ends[i - 1]:
            low, high = min(starts[same], a), max(ends[i - 1], b)
            starts[same:] = [low] * (i + 1 - same)
            ends[same:] = [high] * (i + 1 - same)
        else:
            same = i
    return starts, ends
