"""Learning a head's matrix and temperature from word links."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .silver import LINK, NONE, UNSURE


class Example(NamedTuple):
    """The centred vectors of the words of both sides, shapes (n, width) and (m, width), and the
    links between them, shape (n, m), as ``silver_links`` gives them."""

    source: np.ndarray
    target: np.ndarray
    links: np.ndarray


class Fit(NamedTuple):
    """How a head is fitted. rank: the width of what it gives."""

    rank: int = 256
    epochs: int = 3
    batch_size: int = 16
    learning_rate: float = 2e-3
    temperature: float = 0.067
    seed: int = 0


def fit_head(
    examples: Sequence[Example], how: Fit, *, say: Callable[[str], None] = lambda _: None
) -> tuple[np.ndarray, float]:
    """The matrix, shape (width, rank), and the temperature that fit the links best.

    The loss is the cross-entropy of both softmaxes, over the words that have a link, plus the
    binary one of their geometric mean, but where a link is unsure. The same examples and seed give
    the same head.
    """
    import torch

    random = np.random.default_rng(how.seed)
    width = examples[0].source.shape[1]
    start = torch.randn(width, how.rank, generator=torch.Generator().manual_seed(how.seed))
    matrix = (start / width**0.5).requires_grad_()
    log_temperature = torch.tensor(float(np.log(how.temperature)), requires_grad=True)
    optimizer = torch.optim.AdamW([matrix, log_temperature], lr=how.learning_rate, weight_decay=0.0)
    steps = how.epochs * -(-len(examples) // how.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, how.learning_rate, total_steps=steps, pct_start=0.1
    )
    for epoch in range(how.epochs):
        losses = []
        for batch in _batches(examples, how.batch_size, random):
            loss = _loss(*_padded(batch), matrix, log_temperature)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        temperature = float(log_temperature.detach().exp())
        say(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, temperature {temperature:.4f}")
    return matrix.detach().numpy(), float(log_temperature.detach().exp())


def _batches(
    examples: Sequence[Example], size: int, random: np.random.Generator
) -> Iterator[list[Example]]:
    """Of like length each, in random order."""
    lengths = [len(example.source) + len(example.target) for example in examples]
    keys = [length // 6 * 1000 + random.integers(1000) for length in lengths]
    order = sorted(range(len(examples)), key=keys.__getitem__)
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    random.shuffle(batches)
    for batch in batches:
        yield [examples[i] for i in batch]


def _padded(batch: Sequence[Example]) -> tuple[Any, Any, Any, Any]:
    """Vectors, links, and which words are there, as tensors of the longest of a batch."""
    import torch

    n, m = (max(len(e[side]) for e in batch) for side in (0, 1))
    width = batch[0].source.shape[1]
    source = np.zeros((len(batch), n, width), dtype=np.float32)
    target = np.zeros((len(batch), m, width), dtype=np.float32)
    links = np.full((len(batch), n, m), NONE, dtype=np.int8)
    there = np.zeros((len(batch), n, m), dtype=bool)
    for i, example in enumerate(batch):
        own = slice(len(example.source)), slice(len(example.target))
        source[i, own[0]], target[i, own[1]] = example.source, example.target
        links[(i, *own)], there[(i, *own)] = example.links, True
    read = torch.from_numpy
    return read(source), read(target), read(links), read(there)


def _loss(
    source: Any, target: Any, links: Any, there: Any, matrix: Any, log_temperature: Any
) -> Any:
    import torch
    from torch.nn.functional import log_softmax, normalize

    x, y = (normalize(side @ matrix, dim=-1) for side in (source, target))
    logits = (x @ y.transpose(1, 2) / log_temperature.exp()).masked_fill(~there, -1e4)
    forward, backward = log_softmax(logits, dim=2), log_softmax(logits, dim=1)
    linked, sure = (links == LINK).float(), (links != UNSURE) & there
    total = 0.0
    for log_probs, axis in ((forward, 2), (backward, 1)):
        # A word with several links wants its share of each; one without says nothing.
        shares = linked / linked.sum(dim=axis, keepdim=True).clamp(min=1)
        total = total - (shares * log_probs).sum() / shares.sum().clamp(min=1)
    both = ((forward + backward) / 2).clamp(min=-14, max=-1e-4)
    binary = linked * both + (1 - linked) * torch.log1p(-both.exp())
    return total - (binary * sure).sum() / linked.sum().clamp(min=1)
