"""A packed encoder gives what the encoder of transformers gives."""

import numpy as np
import pytest
import torch
import transformers

from spacy_xproj.hf.packed import (
    Group,
    PackedEncoder,
    PackedLinear,
    can_pack,
    group_rows,
    pack_encoder,
)

pytestmark = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="torch was built without oneDNN"
)

FAMILY = ["bert", "camembert", "roberta", "xlm-roberta"]
SIZES = {
    "vocab_size": 60,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "max_position_embeddings": 70,
    "pad_token_id": 1,
    "num_labels": 5,
}


def make(kind="bert", auto="AutoModel", **settings):
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(kind, **SIZES, **settings)
    return getattr(transformers, auto).from_config(config).eval()


@pytest.fixture
def model():
    return make()


@pytest.fixture
def packable(model):
    if not can_pack(model):
        pytest.skip("no packing on this processor")
    return model


def batch(*lengths):
    """Ids and mask of texts of these lengths, padded."""
    mask = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    ids = torch.randint(2, 60, mask.shape, generator=torch.Generator().manual_seed(1))
    return {"input_ids": torch.where(mask, ids, 1), "attention_mask": mask.long()}


def run(model, inputs, get=lambda output: output.last_hidden_state, **settings):
    """What is in the output for positions that are no padding."""
    with torch.inference_mode():
        output = get(model(**inputs, **settings))
    return output[inputs["attention_mask"].bool()].float().numpy()


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("lengths", [(1,), (9, 9, 9), (60, 8, 8, 7, 1), (3, 5, 3)])
def test_the_output_stays(packable, kind, lengths):
    model, inputs = make(kind), batch(*lengths)
    packed = pack_encoder(model, 512)
    assert isinstance(packed, PackedEncoder)
    np.testing.assert_allclose(run(packed, inputs), run(model, inputs), atol=2e-6)


def test_every_layer_s_output_stays(packable):
    inputs = batch(7, 7, 2)
    packed = pack_encoder(packable, 512)
    for layer in range(-1, 4):
        outputs = [
            run(
                m,
                inputs,
                lambda output, i=layer: output.hidden_states[i],
                output_hidden_states=True,
            )
            for m in (packed, packable)
        ]
        np.testing.assert_allclose(*outputs, atol=2e-6)
    assert len(packed(**inputs, output_hidden_states=True).hidden_states) == 4
    assert packed(**inputs).hidden_states is None


def test_padding_is_nothing(packable):
    inputs, packed = batch(4, 2), pack_encoder(packable, 8)
    with torch.inference_mode():
        assert not packed(**inputs).last_hidden_state[1, 2:].any()


def test_without_a_mask_all_positions_count(packable):
    inputs, packed = batch(6, 6), pack_encoder(packable, 8)
    with torch.inference_mode():
        alone = packed(input_ids=inputs["input_ids"]).last_hidden_state
        np.testing.assert_array_equal(alone, packed(**inputs).last_hidden_state)


def test_a_head_finds_the_output_it_needs(packable):
    model, same = (make("xlm-roberta", "AutoModelForTokenClassification") for _ in range(2))
    packed = pack_encoder(model, 512)
    assert packed is model
    assert isinstance(packed.roberta, PackedEncoder)
    inputs = batch(9, 4)
    logits = [run(m, inputs, lambda output: output.logits) for m in (packed, same)]
    np.testing.assert_allclose(*logits, atol=2e-6)


def test_the_output_stays_in_bfloat16(packable):
    short, inputs = packable.bfloat16(), batch(9, 9, 4)
    if not can_pack(short):
        pytest.skip("no bfloat16 on this processor")
    packed = pack_encoder(short, 512)
    assert packed.dtype == torch.bfloat16
    np.testing.assert_allclose(run(packed, inputs), run(short, inputs), atol=0.15)


def test_lengths_are_grouped_in_their_order():
    assert group_rows([3, 3, 2, 0, 2, 3]) == [
        Group(0, 6, 3),
        Group(6, 8, 2),
        Group(8, 10, 2),
        Group(10, 13, 3),
    ]
    assert group_rows([]) == []


class Extended(transformers.BertModel):
    """It may do anything."""


@pytest.mark.parametrize(
    "make_other",
    [
        lambda: make(hidden_act="relu"),
        lambda: make(position_embedding_type="relative_key"),
        lambda: make(is_decoder=True),
        lambda: make("distilbert"),
        lambda: Extended(make().config),
        lambda: make().to("meta"),
    ],
)
def test_other_models_are_left_alone(make_other):
    model = make_other()
    assert not can_pack(model)
    assert pack_encoder(model, 512) is model


@pytest.mark.parametrize("broken", ["gone", "raises", "wrong"])
def test_without_torch_s_kernels_the_model_stays_as_it_is(packable, monkeypatch, caplog, broken):
    """They are no public interface: another version of torch may lack them or change them."""

    def call(self, x, then="none"):
        if broken == "gone":
            raise AttributeError("no _linear_pointwise")
        if broken == "raises":
            raise RuntimeError("expected 5 arguments")
        return torch.zeros(len(x), self.bias.shape[0])

    monkeypatch.setattr(PackedLinear, "__call__", call)
    assert pack_encoder(packable, 512) is packable
    (record,) = caplog.records
    assert record.name.startswith("spacy_xproj.")
    assert "not packed, and slower" in record.getMessage()
