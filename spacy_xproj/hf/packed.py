"""An encoder of BERT's family as one pass over the subwords of a batch, for inference on a CPU.

What transformers computes, but for rounding, in less time: no position is padding, the weights lie
as the kernels of oneDNN read them, and a layer's products are fused with what follows them. Imports
torch: import it where a model is loaded, not before.
"""

import logging
import platform
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

# They share BERT's layers. A subclass may do more, so its name is asked for.
_KNOWN = ("BertModel", "CamembertModel", "RobertaModel", "XLMRobertaModel")
# The most between outputs that are the same but for rounding.
_DIFFERENCE = {torch.float32: 1e-4, torch.bfloat16: 0.05}

_log = logging.getLogger(__name__)


class PackedLinear:
    """Linear layers of the same input side by side, with the kernel's own order of the weights.

    rows: of the input, about; other numbers work too.
    """

    def __init__(self, linears: Sequence[Any], rows: int) -> None:
        weight = torch.cat([linear.weight.detach() for linear in linears])
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight, rows)
        self.bias = torch.cat([linear.bias.detach() for linear in linears])

    def __call__(self, x: torch.Tensor, then: str = "none") -> torch.Tensor:
        """then: what to do with each value, "none" or "gelu"."""
        y: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            x, self.weight, self.bias, then, [], "none" if then == "gelu" else ""
        )
        return y

    def plus(self, x: torch.Tensor, residual: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = torch.ops.mkldnn._linear_pointwise.binary(
            x, residual, self.weight, self.bias, "add"
        )
        return y


class Group(NamedTuple):
    """Rows ``[start, end)`` of a batch: texts of ``length`` subwords each, one after the other."""

    start: int
    end: int
    length: int


def group_rows(lengths: Sequence[int]) -> list[Group]:
    """Neighbours of the same length together; lengths: of all texts of a batch."""
    groups, start = [], 0
    for length, same in groupby(lengths):
        end = start + length * len(list(same))
        if length:
            groups.append(Group(start, end, length))
        start = end
    return groups


class PackedLayer:
    """One layer, on rows without padding, of shape (subwords of all texts, width)."""

    def __init__(self, layer: Any, heads: int, rows: int) -> None:
        inner, outer = layer.attention.self, layer.attention.output
        self.heads = heads
        self.query_key_value = PackedLinear([inner.query, inner.key, inner.value], rows)
        self.attended = PackedLinear([outer.dense], rows)
        self.attended_norm = outer.LayerNorm
        self.wide = PackedLinear([layer.intermediate.dense], rows)
        self.narrow = PackedLinear([layer.output.dense], rows)
        self.norm = layer.output.LayerNorm

    def __call__(self, x: torch.Tensor, groups: Sequence[Group]) -> torch.Tensor:
        x = self.attended_norm(self.attended.plus(self._attend(x, groups), x))
        y: torch.Tensor = self.norm(self.narrow.plus(self.wide(x, "gelu"), x))
        return y

    def _attend(self, x: torch.Tensor, groups: Sequence[Group]) -> torch.Tensor:
        """Within each text; texts of one length need no mask."""
        joined = self.query_key_value(x)
        attended = torch.empty_like(x)
        for start, end, length in groups:
            # From (texts * length, 3 * width) to 3 of (texts, heads, length, width of a head).
            parts = joined[start:end].view(-1, length, 3, self.heads, x.shape[1] // self.heads)
            one = scaled_dot_product_attention(*parts.permute(2, 0, 3, 1, 4))
            attended[start:end] = one.transpose(1, 2).reshape(end - start, -1)
        return attended


class _States(Sequence[torch.Tensor]):
    """States of all layers, each padded when it is asked for."""

    def __init__(self, states: Sequence[torch.Tensor], mask: torch.Tensor) -> None:
        self.states = states
        self.mask = mask

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, layer: Any) -> Any:
        state = self.states[layer]
        padded = state.new_zeros(*self.mask.shape, state.shape[1])
        padded[self.mask] = state
        return padded


class PackedOutput:
    """What heads and callers of transformers look at in the output of an encoder."""

    attentions = None

    def __init__(self, states: _States, with_states: bool) -> None:
        self.last_hidden_state: torch.Tensor = states[-1]
        self.hidden_states = states if with_states else None

    def __getitem__(self, i: int) -> torch.Tensor:
        return (self.last_hidden_state,)[i]


class PackedEncoder(nn.Module):
    """Stands in for an encoder of ``can_pack``, padded batch for padded batch.

    rows: subwords in a batch, about. It cannot be trained, moved or saved.
    """

    def __init__(self, model: Any, rows: int) -> None:
        super().__init__()
        self.config = model.config
        self.dtype = model.dtype
        self.device = model.device
        self.embeddings = model.embeddings
        heads = model.config.num_attention_heads
        with torch.no_grad():
            self.layers = [PackedLayer(layer, heads, rows) for layer in model.encoder.layer]

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        output_hidden_states: bool | None = None,
        **_: Any,
    ) -> PackedOutput:
        """input_ids, attention_mask: shape (texts, longest), padded on the right."""
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        mask = attention_mask.bool()
        groups = group_rows(mask.sum(1).tolist())
        states = [self.embeddings(input_ids=input_ids)[mask]]
        for layer in self.layers:
            state = layer(states[-1], groups)
            states = [*states, state] if output_hidden_states else [state]
        return PackedOutput(_States(states, mask), bool(output_hidden_states))


def can_pack(model: Any) -> bool:
    """Whether ``PackedEncoder`` can stand in for this encoder, on this machine."""
    ops, config = torch.ops.mkldnn, model.config
    if model.device.type != "cpu" or platform.machine() not in ("x86_64", "AMD64"):
        return False
    if not (torch.backends.mkldnn.is_available() and hasattr(ops, "_linear_pointwise")):
        return False
    if model.dtype == torch.bfloat16 and not ops._is_mkldnn_bf16_supported():
        return False
    return (
        type(model).__name__ in _KNOWN
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.is_decoder
    )


def pack_encoder(model: Any, rows: int) -> Any:
    """The model with its encoder packed for batches of about ``rows`` subwords, where that can be
    done and computes what it should; else as it was."""
    encoder = model.base_model
    try:
        packed = PackedEncoder(encoder, rows) if can_pack(encoder) else None
        difference = _difference(packed, encoder) if packed else 0.0
    # The kernels are torch's own affair, and another version may have others.
    except (AttributeError, IndexError, RuntimeError, TypeError, ValueError) as error:
        _log.warning("The encoder is not packed, and slower: %s: %s", type(error).__name__, error)
        return model
    if packed is None:
        return model
    if not difference < _DIFFERENCE.get(encoder.dtype, 0.0):
        _log.warning("The encoder is not packed, and slower: packed, it differs: %g.", difference)
        return model
    if encoder is model:
        return packed
    setattr(model, model.base_model_prefix, packed)
    return model


def _difference(packed: PackedEncoder, encoder: Any) -> float:
    """How far the output for two texts is from that of the encoder, by the length of vectors."""
    pad = encoder.config.pad_token_id
    ids = [i for i in range(encoder.config.vocab_size) if i != pad][-7:]
    inputs = {
        "input_ids": torch.tensor([ids, ids]),
        "attention_mask": (torch.arange(len(ids)) < torch.tensor([[len(ids)], [3]])).long(),
    }
    mask = inputs["attention_mask"].bool()
    with torch.inference_mode():
        ours, theirs = (m(**inputs).last_hidden_state[mask].float() for m in (packed, encoder))
    return float((ours - theirs).norm() / theirs.norm())
