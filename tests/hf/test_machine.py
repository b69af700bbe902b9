"""What is chosen follows from what the machine has."""

import pytest
import torch

from spacy_xproj.hf.machine import cpu_kind, cpu_units, has_fast_bfloat16
from spacy_xproj.hf.runner import Runner


@pytest.fixture
def cpu(monkeypatch):
    """Pretend that the CPU has these units and vectors."""

    def pretend(level, *units):
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: level)
        have = dict.fromkeys(units, True) | {"cpu_name": "x", "sse": True}
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: have, raising=False)

    return pretend


@pytest.mark.parametrize(
    ("level", "units", "fast"),
    [
        ("AVX2", ["avx2"], False),
        ("AVX512", ["avx2", "avx512_f", "avx512_vnni"], False),
        ("AVX512", ["avx2", "avx512_f", "avx512_bf16"], True),
        ("AVX512", ["avx2", "avx512_f", "amx_bf16"], True),
        ("AVX2", ["avx2", "avx512_f", "avx512_bf16"], False),  # held to less, by a variable
        ("DEFAULT", ["neon"], False),
    ],
)
def test_bfloat16_is_for_cpus_with_units_for_it(cpu, level, units, fast):
    cpu(level, *units)
    assert has_fast_bfloat16("cpu") is fast
    assert cpu_units() == units


def test_an_older_torch_knows_the_vectors_only(cpu, monkeypatch):
    cpu("AVX512", "avx512_bf16")
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert cpu_units() == ["avx512"]
    assert not has_fast_bfloat16("cpu")


def test_what_is_switched_off_makes_another_kind_of_cpu(cpu, monkeypatch):
    cpu("AVX512", "avx512_f", "avx512_vnni")
    before = cpu_kind()
    assert before.split()[-2:] == ["avx512_f", "avx512_vnni"]
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert cpu_kind() == f"{before} ONEDNN_MAX_CPU_ISA=AVX2"


@pytest.mark.parametrize(
    ("units", "dtype"), [(["avx512_bf16"], torch.bfloat16), (["avx512_f"], torch.float32)]
)
def test_an_encoder_runs_in_what_the_cpu_is_fast_at(cpu, tiny_encoder, caplog, units, dtype):
    cpu("AVX512", *units)
    runner = Runner("AutoModel", tiny_encoder, lambda o: o, device="cpu", bfloat16=True)
    assert runner.load()[1].dtype == dtype
    said = [r.getMessage() for r in caplog.records]
    assert said == (
        []
        if dtype == torch.bfloat16
        else ["bfloat16 would be slower than float32 on this cpu, which is used."]
    )
