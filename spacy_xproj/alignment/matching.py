"""From subword similarities to word links. numpy, and simalign's matching algorithms."""

from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..views import Links
from .base import Encoded

MATCHINGS = ("inter", "itermax", "mwmf")


def cosine_similarity(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cosine of each pair of rows; shapes (n, d), (m, d) -> (n, m). A zero row gives 0."""
    x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    y = y / np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-12)
    similarity: np.ndarray = x @ y.T
    return similarity


def _simalign() -> Any:
    import logging

    from simalign import SentenceAligner

    # Importing simalign puts a DEBUG handler on its logger; the user did not ask for it.
    logger = logging.getLogger("simalign.simalign")
    logger.handlers.clear()
    logger.setLevel(logging.WARNING)
    return SentenceAligner


def mutual_argmax(similarity: np.ndarray) -> np.ndarray:
    """Pairs that are each other's best, as a boolean matrix; ties go to the lower index."""
    n, m = similarity.shape
    best: np.ndarray = np.zeros((n, m), dtype=bool)
    forward, backward = similarity.argmax(axis=1), similarity.argmax(axis=0)
    rows = np.arange(n)
    keep = backward[forward] == rows
    best[rows[keep], forward[keep]] = True
    return best


def match_similarity(similarity: np.ndarray, method: str) -> np.ndarray:
    """Match rows with columns of a similarity in [0, 1]; a boolean matrix of the same shape.

    method: "inter" (mutual argmax), "itermax" or "mwmf" (maximum-weight matching), all of
    Jalili Sabet et al. 2020.
    """
    if method == "inter":
        return mutual_argmax(similarity)
    if method == "itermax":
        return np.asarray(_simalign().iter_max(similarity)) > 0
    if method == "mwmf":
        # The same matching as simalign's, which takes seconds a sentence with networkx.
        from scipy.optimize import linear_sum_assignment

        matched = np.zeros(similarity.shape, dtype=bool)
        matched[linear_sum_assignment(similarity, maximize=True)] = True
        return matched
    raise XProjError(Errors.XP402.format(method=method, known=", ".join(MATCHINGS)))


def words_links(links: np.ndarray, source: Encoded, target: Encoded) -> Links:
    """Words are linked if any of their subwords are; the strongest such link counts.

    links: strengths between subwords, shape (n source subwords, n target subwords), 0 for none.
    """
    k, l = np.nonzero(links > 0)
    return Links(
        zip(
            source.words[k].tolist(),
            target.words[l].tolist(),
            np.minimum(links[k, l], 1.0).tolist(),
            strict=True,
        )
    )


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
    from scipy.special import softmax

    # Words without a subword have no row or column.
    rows, k = np.unique(source.words, return_inverse=True)
    cols, l = np.unique(target.words, return_inverse=True)
    best = np.full((len(rows), len(cols)), -1.0)
    similarity = cosine_similarity(
        *(side.vectors - center * side.vectors.mean(axis=0) for side in (source, target))
    )
    np.maximum.at(best, (k[:, None], l[None, :]), similarity)
    strengths = (softmax(best / temperature, axis=1) + softmax(best / temperature, axis=0)) / 2
    i, j = np.nonzero(strengths >= min_strength)
    return Links(
        zip(rows[i].tolist(), cols[j].tolist(), strengths[i, j].round(4).tolist(), strict=True)
    )
