"""Word links to learn from, where nobody drew any: what similarity, order and neighbours agree on.

A head that is trained on them sees each word of other sentences, too, and so makes fewer errors
than what it was taught; taught once more by itself, fewer again.
"""

from typing import NamedTuple

import numpy as np

from spacy_xproj.alignment.matching import both_softmaxes

LINK, NONE, UNSURE = 1, 0, -1


class Silver(NamedTuple):
    """How links are found. Chosen on XL-WA dev, none of whose links are learnt from.

    temperature: of the softmaxes. diagonal: what a pair loses whose words lie at other places in
    their sentences, at most, in units of the logits. neighbours: what it gains for links of its
    neighbours, ``rounds`` times over. least: of the geometric mean of both softmaxes, for a link.
    most: of it, for two words that are certainly not linked.
    """

    temperature: float = 0.045
    diagonal: float = 1.0
    neighbours: float = 1.0
    rounds: int = 2
    least: float = 0.4
    most: float = 0.1


_FAR = 10.0  # words away, where the most is lost
_ACROSS = 0.3  # what a neighbour counts that is not the next pair on the diagonal
_REACH = 2


def _kernel() -> np.ndarray:
    """What the links around a pair count: those where both words are the next or the last most."""
    steps = np.arange(-_REACH, _REACH + 1)
    i, j = np.meshgrid(steps, steps, indexing="ij")
    distance = np.where((i == 0) | (j == 0), abs(i) + abs(j), np.maximum(abs(i), abs(j)))
    share = np.where(i == j, 1.0, np.where(i * j >= 0, _ACROSS, 0.0))
    return np.where(distance == 0, 0.0, share / np.maximum(distance, 1))


_KERNEL = _kernel()


def silver_links(similarity: np.ndarray, how: Silver) -> np.ndarray:
    """Links between words from their cosines; both of shape (n, m): ``LINK``, ``NONE``, or
    ``UNSURE``, from which nothing is to be learnt."""
    from scipy.ndimage import convolve
    from scipy.special import softmax

    n, m = similarity.shape
    apart = abs((np.arange(n) + 0.5)[:, None] / n - (np.arange(m) + 0.5)[None] / m)
    prior = how.diagonal * np.minimum(apart * min(n, m) / _FAR, 1.0)
    first = similarity.astype(np.float64) / how.temperature - prior
    logits = first
    for _ in range(how.rounds):
        around = convolve(both_softmaxes(logits, 1.0), _KERNEL, mode="constant")
        logits = first + how.neighbours * around
    both = np.sqrt(softmax(logits, axis=1) * softmax(logits, axis=0))
    links = np.where(both > how.least, LINK, np.where(both > how.most, UNSURE, NONE))
    return links.astype(np.int8)
