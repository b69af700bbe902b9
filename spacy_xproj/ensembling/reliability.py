"""How far each view can be trusted, estimated without gold (Dawid & Skene 1979).

Each distinct (span, label) that any view proposes is a unit that is an entity or not, which is not
observed; each view says yes (it proposes just that), no (it has a source sentence there and does
not), or nothing (it has none). EM finds, for each label, the share of units that are entities, and
for each view how often it says yes to those (sensitivity) and no to the others (specificity).
"""

from typing import NamedTuple

import numpy as np

from .ballots import Ballot

YES, NO, ABSTAINS = 1, 0, -1


class Reliability(NamedTuple):
    """prior: float (labels,). sensitivity, specificity: float (labels, V). posterior: float (n,),
    the probability that each unit is an entity. objective: of each iteration, the log likelihood of
    the votes plus the log density of the smoothing prior, up to a constant; it never falls."""

    prior: np.ndarray
    sensitivity: np.ndarray
    specificity: np.ndarray
    posterior: np.ndarray
    objective: tuple[float, ...]


def votes_of(ballot: Ballot) -> np.ndarray:
    """Int (n, V): YES, NO or ABSTAINS."""
    votes: np.ndarray = np.where(ballot.proposed, YES, np.where(ballot.usable, NO, ABSTAINS))
    return votes


def estimate(
    votes: np.ndarray,
    label: np.ndarray,
    n_labels: int,
    *,
    smoothing: float = 1.0,
    iterations: int = 200,
    tolerance: float = 1e-7,
) -> Reliability:
    """Expectation maximisation from the majority's opinion.

    votes: int (n, V). label: int (n,), of each unit. smoothing: pseudo-counts for each outcome of
    each rate, so that none is 0 or 1. tolerance: stop when the objective gains less a unit.
    """
    # Units with the same votes are the same to EM: it runs on the distinct ones, with their counts.
    n = len(votes)
    patterns, place, times = np.unique(
        np.column_stack([label, votes]), axis=0, return_inverse=True, return_counts=True
    )
    label, votes = patterns[:, 0], patterns[:, 1:]
    member = np.zeros((n_labels, len(label)))
    member[label, np.arange(len(label))] = times
    yes, no = (votes == YES).astype(float), (votes == NO).astype(float)
    said = yes.sum(axis=1)
    posterior = (said + 0.5) / (said + no.sum(axis=1) + 1.0)
    objective: list[float] = []
    while True:
        # Maximisation: counts of each label, weighted by what each unit probably is.
        true, false = member * posterior, member * (1.0 - posterior)
        prior = _rate(true.sum(axis=1), false.sum(axis=1), smoothing)
        sensitivity = _rate(true @ yes, true @ no, smoothing)
        specificity = _rate(false @ no, false @ yes, smoothing)
        # Expectation: log joint probability of each unit's votes with either state.
        log_true = np.log(prior)[label] + _log_votes(yes, no, sensitivity[label])
        log_false = np.log1p(-prior)[label] + _log_votes(no, yes, specificity[label])
        total = np.logaddexp(log_true, log_false)
        posterior = np.exp(log_true - total)
        rates = np.concatenate([prior, sensitivity.ravel(), specificity.ravel()])
        density = smoothing * float((np.log(rates) + np.log1p(-rates)).sum())
        objective.append(float(times @ total) + density)
        gained = np.inf if len(objective) < 2 else objective[-1] - objective[-2]
        if len(objective) >= iterations or gained < tolerance * max(n, 1):
            break
    posterior = posterior[place.ravel()]
    return Reliability(prior, sensitivity, specificity, posterior, tuple(objective))


def _rate(hits: np.ndarray, misses: np.ndarray, smoothing: float) -> np.ndarray:
    rate: np.ndarray = (hits + smoothing) / (hits + misses + 2.0 * smoothing)
    return rate


def _log_votes(hits: np.ndarray, misses: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Log probability of the votes of each unit (n,); all arrays have the shape (n, V)."""
    log: np.ndarray = (hits * np.log(rate) + misses * np.log1p(-rate)).sum(axis=1)
    return log


def vote_weights(sensitivity: np.ndarray, specificity: np.ndarray) -> np.ndarray:
    """What a view's yes is worth against its no, float (labels, V): the change in the log odds that
    the unit is an entity, 0 for a view that says less than nothing, mean 1 over the views."""
    gain = np.log(sensitivity / (1 - sensitivity)) + np.log(specificity / (1 - specificity))
    gain = np.maximum(gain, 0.0)
    mean = gain.mean(axis=1, keepdims=True)
    weights: np.ndarray = np.where(mean > 0, gain / np.where(mean > 0, mean, 1.0), 1.0)
    return weights


def expected_f1(votes: np.ndarray, posterior: np.ndarray) -> np.ndarray:
    """F1 of each view (V,) against what the units probably are."""
    yes, no = votes == YES, votes == NO
    correct = posterior @ yes
    items = correct + yes.sum(axis=0) + posterior @ no
    f1: np.ndarray = 2 * correct / np.maximum(items, 1e-12)
    return f1
