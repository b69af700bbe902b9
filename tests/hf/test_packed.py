"""Packed linear layers give what plain ones give."""

import numpy as np
import pytest
import torch
import transformers
from torch import nn

from spacy_xproj.hf.packed import PackedLinear, can_pack, pack_linears

pytestmark = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="torch was built without oneDNN"
)


@pytest.fixture
def model(tiny_encoder):
    return transformers.AutoModel.from_pretrained(tiny_encoder).eval()


@pytest.fixture
def packable(model):
    if not can_pack(model):
        pytest.skip("no packing on this processor")
    return model


def output(model, shape=(3, 9)):
    ids = torch.arange(int(np.prod(shape))).reshape(shape) % 50
    with torch.inference_mode():
        return model(input_ids=ids).last_hidden_state.float().numpy()


@pytest.mark.parametrize("shape", [(1, 1), (3, 9), (40, 30)])
def test_the_output_stays(packable, shape):
    wanted = output(packable, shape)
    np.testing.assert_allclose(output(pack_linears(packable, 512), shape), wanted, atol=1e-5)


def test_the_output_stays_in_bfloat16(packable):
    short = packable.bfloat16()
    if not can_pack(short):
        pytest.skip("no bfloat16 on this processor")
    wanted = output(short)
    np.testing.assert_allclose(output(pack_linears(short, 512)), wanted, atol=0.15)


def test_every_linear_layer_is_packed(packable):
    before = sum(type(m) is nn.Linear for m in packable.modules())
    packed = list(pack_linears(packable, 512).modules())
    assert sum(isinstance(m, PackedLinear) for m in packed) == before > 0
    assert not any(type(m) is nn.Linear for m in packed)


def test_a_layer_without_bias(packable):
    linear = nn.Linear(5, 3, bias=False)
    x = torch.randn(2, 4, 5)
    with torch.inference_mode():
        np.testing.assert_allclose(PackedLinear(linear, 8)(x), linear(x), atol=1e-6)


def test_models_that_may_look_at_their_weights_are_left_alone(model):
    model.config.model_type = "t5"
    wanted = output(model)
    assert not can_pack(model)
    assert not any(isinstance(m, PackedLinear) for m in pack_linears(model, 512).modules())
    assert np.array_equal(output(model), wanted)


def test_a_gpu_is_left_alone(model):
    assert not can_pack(model.to("meta"))
