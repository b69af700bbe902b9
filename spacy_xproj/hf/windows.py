"""Running an encoder over word lists of any length: subwords, overlapping windows, batches.

A sentence longer than the model takes is cut into windows that overlap by half; each subword keeps
the output of the window in which it stands farthest from a border. No word is ever lost.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .pieces import Pieces

# ``map``, or one that works ahead.
Map = Callable[[Callable[..., Any], list[Any]], Iterable[Any]]


class Window(NamedTuple):
    """Subwords ``[start, end)`` of sentence ``sentence``, as one model input."""

    sentence: int
    start: int
    end: int


def special_ids(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The special tokens that the tokenizer puts before and after a text."""
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    at = next(i for i in range(len(full)) if full[i : i + len(bare)] == bare)
    return full[:at], full[at + len(bare) :]


def room_for_pieces(tokenizer: Any, config: Any) -> int:
    """How many subwords fit beside the special tokens in one input of the model."""
    prefix, suffix = special_ids(tokenizer)
    limit = min(getattr(config, "max_position_embeddings", None) or 512, 1 << 20)
    if getattr(config, "model_type", "") in ("roberta", "xlm-roberta", "camembert"):
        limit -= config.pad_token_id + 1  # positions start after the padding index
    if 0 < tokenizer.model_max_length < limit:
        limit = tokenizer.model_max_length
    return limit - len(prefix) - len(suffix)


def make_windows(sentence: int, n: int, room: int) -> list[Window]:
    """Windows of at most ``room`` subwords that cover ``n`` and overlap by half."""
    if n <= room:
        return [Window(sentence, 0, n)]
    stride = max(room // 2, 1)
    starts = [*range(0, n - room, stride), n - room]
    return [Window(sentence, start, start + room) for start in starts]


def _owned(windows: Sequence[Window]) -> Iterator[tuple[Window, int, int]]:
    """Each window of a sentence with the part ``[a, b)`` of the sentence it is the best for."""
    for i, window in enumerate(windows):
        a = 0 if i == 0 else (windows[i - 1].end + window.start) // 2
        b = window.end if i == len(windows) - 1 else (window.end + windows[i + 1].start) // 2
        yield window, a, b


def make_batches(
    lengths: Sequence[int], *, batch_size: int, batch_tokens: int
) -> Iterator[list[int]]:
    """Indices of texts of these lengths (> 0) in batches of like length, longest first.

    A batch has at most ``batch_size`` texts and, padded to its longest, at most ``batch_tokens``
    positions; a longer text is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    at = 0
    while at < len(order):
        size = min(batch_size, max(1, batch_tokens // lengths[order[at]]))
        yield order[at : at + size]
        at += size


def run_windows(
    forward: Callable[[list[list[int]]], list[np.ndarray]],
    pieces: Sequence[Pieces],
    *,
    prefix: Sequence[int],
    suffix: Sequence[int],
    room: int,
    batch_size: int,
    batch_tokens: int,
    each: Map = map,
) -> list[np.ndarray]:
    """Outputs per subword for each sentence, shape (n_subwords, width).

    forward: takes a batch of id lists (with special tokens) and gives, for each, an array of shape
    (length of the ids, width). batch_size, batch_tokens: as in ``make_batches``. each: calls
    ``forward`` for each batch and gives the results in order.
    """
    windows = [w for i, p in enumerate(pieces) for w in make_windows(i, len(p.ids), room)]
    full = [w for w in windows if w.end > w.start]
    lengths = [len(prefix) + w.end - w.start + len(suffix) for w in full]
    outputs: dict[Window, np.ndarray] = {}
    batches = [
        [full[i] for i in indices]
        for indices in make_batches(lengths, batch_size=batch_size, batch_tokens=batch_tokens)
    ]
    ids = [
        [[*prefix, *pieces[w.sentence].ids[w.start : w.end], *suffix] for w in batch]
        for batch in batches
    ]
    for batch, results in zip(batches, each(forward, ids), strict=True):
        for window, rows in zip(batch, results, strict=True):
            # A copy, so that the padded batch can go.
            outputs[window] = rows[len(prefix) : len(rows) - len(suffix)].copy()
    width = next(iter(outputs.values())).shape[1] if outputs else 0
    by_sentence: list[list[Window]] = [[] for _ in pieces]
    for window in windows:
        by_sentence[window.sentence].append(window)
    result = []
    for own in by_sentence:
        if len(own) == 1 and own[0] in outputs:
            result.append(outputs[own[0]])
            continue
        parts = [outputs[w][a - w.start : b - w.start] for w, a, b in _owned(own) if w in outputs]
        result.append(np.concatenate(parts) if parts else np.zeros((0, width), np.float32))
    return result


def pad_batch(ids: Sequence[Sequence[int]], pad_id: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids and attention mask, both of shape (batch, longest), int64."""
    longest = max(map(len, ids))
    padded = np.full((len(ids), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(ids), longest), dtype=np.int64)
    for row, values in enumerate(ids):
        padded[row, : len(values)] = values
        mask[row, : len(values)] = 1
    return padded, mask
