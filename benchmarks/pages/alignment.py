"""Scores of word links against gold word links."""

from collections.abc import Collection, Sequence

from spacy_xproj.corpus.scoring import check_sentences


def score_links(
    gold: Sequence[Collection[tuple[int, int]]], pred: Sequence[Collection[tuple[int, int]]]
) -> dict[str, float]:
    """Precision, recall, F1 and alignment error rate of predicted links, micro over sentences.

    Each sentence is a collection of (source word, target word); order and repetition do not matter.
    All gold links count as sure, so with gold links G and predicted links A over all sentences,
    AER = 1 - 2 |A & G| / (|A| + |G|) (Och & Ney 2003). Without any link on either side, P = R =
    F1 = 0 and AER = 1. Raises XProjError when the numbers of sentences differ.
    """
    check_sentences(gold, pred)
    n_gold = n_pred = n_both = 0
    for gold_links, pred_links in zip(gold, pred, strict=True):
        g, a = set(gold_links), set(pred_links)
        n_gold, n_pred, n_both = n_gold + len(g), n_pred + len(a), n_both + len(a & g)
    f1 = 2 * n_both / (n_pred + n_gold) if n_pred + n_gold else 0.0
    return {
        "precision": n_both / n_pred if n_pred else 0.0,
        "recall": n_both / n_gold if n_gold else 0.0,
        "f1": f1,
        "aer": 1.0 - f1,
    }
