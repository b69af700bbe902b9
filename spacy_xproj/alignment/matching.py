"""From subword similarities to word links, with numpy and scipy; the matchings are simalign's."""

import numpy as np

from ..data.links import Links
from ..errors import Errors, XProjError
from .base import Encoded

MATCHINGS = ("inter", "itermax", "mwmf")
# What counts of a similarity in the second round, by how many of its row and column are left.
_DISCOUNT = np.array([0.0, 0.9, 1.0])


def cosine_similarity(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cosine of each pair of rows; shapes (n, d), (m, d) -> (n, m). A zero row gives 0."""
    x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    y = y / np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-12)
    similarity: np.ndarray = x @ y.T
    return similarity


def mutual_argmax(similarity: np.ndarray) -> np.ndarray:
    """Pairs that are each other's best, as a boolean matrix; ties go to the lower index."""
    n, m = similarity.shape
    best: np.ndarray = np.zeros((n, m), dtype=bool)
    forward, backward = similarity.argmax(axis=1), similarity.argmax(axis=0)
    rows = np.arange(n)
    keep = backward[forward] == rows
    best[rows[keep], forward[keep]] = True
    return best


def iterated_argmax(similarity: np.ndarray) -> np.ndarray:
    """Mutual best pairs, then once more among the rows and columns that are left; boolean.

    In the second round a row or column that has a pair may get another, from one that has none, at
    nine tenths of the similarity. This is simalign's ``iter_max``, ties included, with its default
    of 2 rounds (Jalili Sabet et al. 2020).
    """
    best = mutual_argmax(similarity)
    free_rows = best.sum(axis=1, keepdims=True) == 0  # shape (n, 1)
    free_columns = best.sum(axis=0, keepdims=True) == 0  # shape (1, m)
    if min(similarity.shape) <= 2 or not free_rows.any() or not free_columns.any():
        return best
    left = free_rows.astype(np.int64) + free_columns
    again = mutual_argmax(similarity * _DISCOUNT[left])
    matched: np.ndarray = best | (again & (left > 0))
    return matched


def match_similarity(similarity: np.ndarray, method: str) -> np.ndarray:
    """Match rows with columns of a similarity in [0, 1]; a boolean matrix of the same shape.

    method: "inter" (mutual argmax), "itermax" or "mwmf" (maximum-weight matching), all of
    Jalili Sabet et al. 2020.
    """
    if method == "inter":
        return mutual_argmax(similarity)
    if method == "itermax":
        return iterated_argmax(similarity)
    if method == "mwmf":
        # The same matching as simalign's, which takes seconds a sentence with networkx.
        from scipy.optimize import linear_sum_assignment

        matched = np.zeros(similarity.shape, dtype=bool)
        matched[linear_sum_assignment(similarity, maximize=True)] = True
        return matched
    raise XProjError(
        Errors.XP150.format(
            kind="method", name=method, fix='method = "inter"', known=", ".join(MATCHINGS)
        )
    )


def link_words(
    k: np.ndarray, l: np.ndarray, strengths: np.ndarray, source: Encoded, target: Encoded
) -> Links:
    """Links from pairs of first words of subwords, in ascending order: where subwords belong to
    several words, each word of the one is linked to each of the other."""
    if source.ends is None and target.ends is None:
        return Links.from_sorted(k, l, strengths)
    width = _n_words(target, l)
    n_links = _n_words(source, k) * width
    pair = np.repeat(np.arange(len(k)), n_links)
    # Within its pair, the number of each link.
    nth = np.arange(len(pair)) - (np.cumsum(n_links) - n_links)[pair]
    k, l = k[pair] + nth // width[pair], l[pair] + nth % width[pair]
    order = np.lexsort((l, k))
    return Links.from_sorted(k[order], l[order], strengths[pair][order])


def _n_words(side: Encoded, first: np.ndarray) -> np.ndarray:
    """How many words the subwords have that begin at these words."""
    if side.ends is None:
        return np.ones(len(first), dtype=np.int64)
    n_words: np.ndarray = side.ends[np.searchsorted(side.words, first)] - first
    return n_words


def words_links(links: np.ndarray, source: Encoded, target: Encoded) -> Links:
    """Words are linked if any of their subwords are; the strongest such link counts.

    links: strengths between subwords, shape (n source subwords, n target subwords), 0 for none.
    """
    i, j = np.nonzero(links > 0)
    if not len(i):
        return Links()
    k, l = source.words[i], target.words[j]
    order = np.lexsort((l, k))
    k, l = k[order], l[order]
    first = np.flatnonzero(np.r_[True, (k[1:] != k[:-1]) | (l[1:] != l[:-1])])
    strongest = np.maximum.reduceat(links[i, j][order], first)
    return link_words(k[first], l[first], np.minimum(strongest, 1.0), source, target)


def simalign_links(
    source: Encoded, target: Encoded, *, method: str = "inter", strengths: str = "binary"
) -> Links:
    """SimAlign: match (1 + cosine) / 2 of subword vectors.

    strengths: "binary" gives every link 1, "similarity" the similarity of its subwords.
    """
    if not len(source.words) or not len(target.words):
        return Links()
    similarity = (cosine_similarity(source.vectors, target.vectors) + 1.0) / 2.0
    matched = match_similarity(similarity, method)
    values = matched if strengths == "binary" else np.where(matched, similarity, 0.0)
    return words_links(values.astype(np.float64), source, target)


def awesome_links(
    source: Encoded, target: Encoded, *, threshold: float = 0.001, strengths: str = "binary"
) -> Links:
    """AWESoME (Dou & Neubig 2021), not fine-tuned: softmax of dot products over either side;
    a link where both probabilities exceed the threshold.

    strengths: "binary" gives every link 1, "similarity" the mean of its two probabilities.
    """
    if not len(source.words) or not len(target.words):
        return Links()
    from scipy.special import softmax

    dots = source.vectors @ target.vectors.T
    forward, backward = softmax(dots, axis=1), softmax(dots, axis=0)
    matched = (forward > threshold) & (backward > threshold)
    values = matched if strengths == "binary" else np.where(matched, (forward + backward) / 2, 0.0)
    return words_links(values.astype(np.float64), source, target)


def first_words(side: Encoded) -> tuple[np.ndarray, np.ndarray]:
    """The words that have subwords, of several that share theirs the first, and where the subwords
    of each begin."""
    words, starts = np.unique(side.words, return_index=True)
    return words, starts


def both_softmaxes(similarity: np.ndarray, temperature: float) -> np.ndarray:
    """The mean of the softmax over the rows and of that over the columns, at this temperature; of
    the same shape, values in [0, 1]."""
    from scipy.special import softmax

    scaled = similarity.astype(np.float64) / temperature
    mean: np.ndarray = (softmax(scaled, axis=1) + softmax(scaled, axis=0)) / 2
    return mean


def soft_strengths(
    source: Encoded, target: Encoded, *, temperature: float, center: float
) -> np.ndarray:
    """What ``soft_links`` describes for each pair of ``first_words``; both sides must have some."""
    similarity = cosine_similarity(
        *(side.vectors - center * side.vectors.mean(axis=0) for side in (source, target))
    )
    by_row = np.maximum.reduceat(similarity, first_words(source)[1], axis=0)
    best = np.maximum.reduceat(by_row, first_words(target)[1], axis=1)
    return both_softmaxes(best, temperature)


def strong_links(
    strengths: np.ndarray, source: Encoded, target: Encoded, *, min_strength: float
) -> Links:
    """Links of at least this strength, of strengths between all pairs of ``first_words``."""
    i, j = np.nonzero(strengths >= min_strength)
    # min_strength may be below what rounding leaves of a strength.
    rounded = np.clip(strengths[i, j].round(4), 1e-4, 1.0)
    k, l = first_words(source)[0][i], first_words(target)[0][j]
    return link_words(k, l, rounded, source, target)


def soft_links(
    source: Encoded,
    target: Encoded,
    *,
    temperature: float = 0.06,
    min_strength: float = 0.05,
    center: float = 0.8,
) -> Links:
    """Soft links: how much of each word goes to each word of the other side.

    From the vectors of each sentence ``center`` times their mean is taken, which all its words
    share: language and topic above all. The similarity of two words is the best cosine of their
    subwords; a_kl is the mean of its softmax over the targets and over the sources, at this
    temperature. Links weaker than ``min_strength`` are left out: they would be almost all pairs of
    words.
    """
    if not len(source.words) or not len(target.words):
        return Links()
    strengths = soft_strengths(source, target, temperature=temperature, center=center)
    return strong_links(strengths, source, target, min_strength=min_strength)
