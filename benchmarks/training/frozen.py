"""The lower layers of a transformer that stay as they are: what they give is computed once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.hf.windows import make_batches, pad_batch

_BATCH = 64  # sentences


def freeze(model: Any, layers: int) -> None:
    """Keep the first ``layers`` layers as they are, the embeddings with them; 0 for none. Raises
    XProjError where the model does not have more layers than that."""
    if not layers:
        return
    stack = model.base_model.encoder.layer
    if layers >= len(stack):
        raise XProjError(
            Errors.XP151.format(name="layers - frozen", value=len(stack) - layers, least=1, fix=4)
        )
    for part in (model.base_model.embeddings, *stack[:layers]):
        part.requires_grad_(False)


class LowerOutputs:
    """What the first layers of a model give for sentences, without dropout. Those of the sentences
    asked for last are kept, so that students which learn other labels of the same text share them:
    in a temporary file, 4 bytes a number (1.5 kB a subword of a small encoder)."""

    def __init__(self) -> None:
        self._key: Any = None
        self._kept: list[np.ndarray] = []

    def of(
        self,
        model: Any,
        layers: int,
        ids: Sequence[Sequence[int]],
        *,
        name: str,
        pad_id: int,
        batch_tokens: int,
    ) -> list[np.ndarray]:
        """For each sentence, given as subwords, float32 (n subwords, width). name: of the model,
        whose lower layers are the same each time."""
        key = (name, layers, batch_tokens, [tuple(own) for own in ids])
        if key != self._key:
            self._kept = _compute(model, layers, ids, pad_id, batch_tokens)
            self._key = key
        return self._kept


def _compute(
    model: Any, layers: int, ids: Sequence[Sequence[int]], pad_id: int, batch_tokens: int
) -> list[np.ndarray]:
    import torch

    lengths = [len(own) for own in ids]
    stops = np.cumsum(lengths)
    with tempfile.TemporaryFile() as file:
        shape = (int(stops[-1]), model.config.hidden_size)
        whole = np.memmap(file, np.float32, mode="w+", shape=shape)
    was_training = model.training
    model.eval()
    with torch.no_grad(), _only(model, slice(layers)):
        for batch in make_batches(lengths, batch_size=_BATCH, batch_tokens=batch_tokens):
            padded, mask = (torch.from_numpy(a) for a in pad_batch([ids[i] for i in batch], pad_id))
            found = model.base_model(input_ids=padded, attention_mask=mask).last_hidden_state
            for i, own in zip(batch, found.float().numpy(), strict=True):
                whole[stops[i] - lengths[i] : stops[i]] = own[: lengths[i]]
    model.train(was_training)
    return [whole[stop - n : stop] for stop, n in zip(stops, lengths, strict=True)]


@contextmanager
def upper_layers(model: Any, layers: int) -> Iterator[None]:
    """Within it the model leaves out its embeddings and first ``layers`` layers: ``inputs_embeds``
    is what those give."""
    import torch

    class Given(torch.nn.Module):
        def forward(self, *, inputs_embeds: Any, **_: Any) -> Any:
            return inputs_embeds

    with _only(model, slice(layers, None), embeddings=Given()):
        yield


@contextmanager
def _only(model: Any, part: slice, *, embeddings: Any = None) -> Iterator[None]:
    base = model.base_model
    stack, own = base.encoder.layer, base.embeddings
    base.encoder.layer, base.embeddings = stack[part], embeddings or own
    try:
        yield
    finally:
        base.encoder.layer, base.embeddings = stack, own
