"""What the machine computes in at full speed, and what is therefore chosen."""

import os
import platform

# By the names of torch, which asks cpuinfo; what decides about the products of matrices.
_UNITS = (
    *("avx2", "avx_vnni", "avx512_f", "avx512_vnni", "avx512_bf16"),
    *("amx_int8", "amx_bf16", "neon", "dotprod", "i8mm", "bf16", "sve"),
)
# With these a product in bfloat16 takes half the time of one in float32. Without, it is emulated
# and takes several times as long (7 times on AVX2 alone).
_BFLOAT16 = ("avx512_bf16", "amx_bf16")
# What the user may tell the libraries to do without: another machine, as far as results go.
_SWITCHES = ("ATEN_CPU_CAPABILITY", "CT2_", "DNNL_", "MKL_", "ONEDNN_")


def cpu_units() -> list[str]:
    """Units of this CPU that decide how fast, and with which rounding, matrices are multiplied.
    An older torch knows the level of vectors only, such as "avx2"."""
    import torch

    if not hasattr(torch.cpu, "get_capabilities"):
        return [torch.backends.cpu.get_cpu_capability().lower()]
    have = torch.cpu.get_capabilities()
    return [name for name in _UNITS if have.get(name)]


def cpu_kind() -> str:
    """CPUs of one kind compute alike: architecture, units, and what was switched off."""
    switches = sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith(_SWITCHES))
    return " ".join([platform.machine(), *cpu_units(), *switches])


def has_fast_bfloat16(device: str) -> bool:
    """Whether bfloat16 is faster than float32 on a device, such as "cpu" or "cuda:1"."""
    import torch

    kind = device.partition(":")[0]
    if kind == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if kind != "cpu":
        return False
    vectors = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return vectors and any(unit in _BFLOAT16 for unit in cpu_units())
