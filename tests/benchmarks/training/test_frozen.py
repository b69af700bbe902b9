"""A model whose lower layers are computed once learns as the whole one does."""

import copy

import numpy as np
import pytest
import transformers

from benchmarks.training.frozen import LowerOutputs, freeze, upper_layers
from spacy_xproj.errors import XProjError
from spacy_xproj.hf.windows import pad_batch

IDS = [[2, 5, 6, 7, 3], [2, 8, 3], [2, 9, 10, 3]]
LABELS = [[-100, 1, 0, 2, -100], [-100, 0, -100], [-100, 3, 0, -100]]


@pytest.fixture
def model(tiny_ner):
    return transformers.AutoModelForTokenClassification.from_pretrained(tiny_ner).eval()


def step(model, **inputs):
    """The loss of a batch, which gives parameters their gradients."""
    import torch

    _, mask = pad_batch(IDS, 0)
    labels = np.where(mask, pad_batch(LABELS, -100)[0], -100)
    loss = model(
        **inputs, attention_mask=torch.from_numpy(mask), labels=torch.from_numpy(labels)
    ).loss
    loss.backward()
    return loss.item()


def gradients(model):
    return {n: p.grad for n, p in model.named_parameters() if p.requires_grad}


def test_loss_and_gradients_are_those_of_the_whole_model(model):
    import torch

    whole = copy.deepcopy(model)
    freeze(model, 1)
    freeze(whole, 1)
    given = LowerOutputs().of(model, 1, IDS, name="tiny", pad_id=0, batch_tokens=8)
    assert [len(own) for own in given] == [5, 3, 4]
    hidden = torch.zeros(3, 5, model.config.hidden_size)
    for row, own in zip(hidden, given, strict=True):
        row[: len(own)] = torch.from_numpy(np.array(own))
    with upper_layers(model, 1):
        loss = step(model, inputs_embeds=hidden)
    wanted = step(whole, input_ids=torch.from_numpy(pad_batch(IDS, 0)[0]))
    assert loss == pytest.approx(wanted, abs=1e-5)
    have = gradients(model)
    assert len(have) == len(gradients(whole)) < len(list(model.parameters()))
    for name, gradient in gradients(whole).items():
        assert torch.allclose(have[name], gradient, atol=1e-5), name


def test_the_model_is_whole_again_afterwards(model):
    before = model.state_dict().keys()
    with upper_layers(model, 1):
        assert model.state_dict().keys() < before
    assert model.state_dict().keys() == before


def test_dropout_is_off_and_the_model_goes_on_as_it_was(model):
    model.train()
    one, two = (
        LowerOutputs().of(model, 1, IDS, name="tiny", pad_id=0, batch_tokens=64) for _ in "ab"
    )
    assert model.training
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_other_sentences_are_computed_anew(model):
    lower = LowerOutputs()
    how = {"name": "tiny", "pad_id": 0, "batch_tokens": 64}
    first = lower.of(model, 1, IDS, **how)
    assert lower.of(model, 1, IDS, **how) is first
    assert len(lower.of(model, 1, IDS[:1], **how)) == 1


def test_a_layer_is_left_to_train(model):
    with pytest.raises(XProjError, match=r"XP151.*layers - frozen"):
        freeze(model, 2)
