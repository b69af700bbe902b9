"""How much a word counts where it is only a letter: of scripts without blanks, see ``scripts``.

Lengths and sums over words mean the same in all languages only if a name is about as many words in
each. A Thai name of two words is ten tokens where each letter is one.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..data.sentence import Sentence
from ..data.views import SourceView
from ..text.scripts import has_unspaced, is_letter

LEAST = 0.1  # of a letter


class Sizes(NamedTuple):
    """What each word counts; shapes (n source words,) and (n target words,)."""

    source: np.ndarray
    target: np.ndarray


def word_sizes(view: SourceView, target: Sentence) -> Sizes | None:
    """Where one side is letters and the other words, letters count so much that both sentences are
    of the same length; None where all words count 1."""
    source_letters, target_letters = _letters(view.words), _letters(target.words)
    if (source_letters is None) == (target_letters is None):
        return None
    sizes = Sizes(np.ones(len(view.words)), np.ones(len(target)))
    if source_letters is not None:
        _weigh(sizes.source, source_letters, len(target))
    elif target_letters is not None:
        _weigh(sizes.target, target_letters, len(view.words))
    return sizes


def _weigh(sizes: np.ndarray, letters: np.ndarray, length: int) -> None:
    n_letters = np.count_nonzero(letters)
    left = length - (len(letters) - n_letters)
    sizes[letters] = min(max(left / n_letters, LEAST), 1.0)


# The parts of a projector ask one after another.
@lru_cache(maxsize=1 << 11)
def _letters(words: tuple[str, ...]) -> np.ndarray | None:
    """Which words are single letters of scripts without blanks, if most are."""
    if not has_unspaced(words):
        return None
    letters = np.array([*map(is_letter, words)], dtype=bool)
    return letters if 2 * np.count_nonzero(letters) > len(words) else None
