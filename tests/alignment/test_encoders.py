"""Contextual vectors of words, of one layer or several, for text of any length."""

import multiprocessing
import pickle

import numpy as np
import pytest

from spacy_xproj.alignment import Encoder, HFEncoder
from spacy_xproj.errors import XProjError

SENTENCES = [
    ["Asha", "met", "Baraka", "in", "Dodoma", "."],
    [],
    ["Nairobi"],
    ["Asha", "\x07", "", "works", "."],  # words 1 and 2 have no subwords
    ["Kijani", "Bank"] * 100,  # the encoder has 64 positions
    ["a" * 90, "Asha", "b" * 70],
]


@pytest.fixture
def make(tiny_encoder):
    return lambda **settings: HFEncoder(name=str(tiny_encoder), device="cpu", **settings)


@pytest.fixture
def make_encoder_from_config(tiny_encoder):
    """An encoder as a config file asks for it."""
    from spacy.util import registry

    def make(**settings):
        block = {"@xproj_encoders": "spacy-xproj.HFEncoder.v1", "name": str(tiny_encoder)}
        return registry.resolve({"encoder": {**block, **settings}})["encoder"]

    return make


def full_model(folder, sentence):
    """The hidden states of all layers, without special tokens, as transformers gives them."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(folder)(
        sentence, is_split_into_words=True, return_tensors="pt"
    )
    with torch.inference_mode():
        output = AutoModel.from_pretrained(folder)(**tokens, output_hidden_states=True)
    return [layer[0, 1:-1].numpy() for layer in output.hidden_states]


def test_it_keeps_the_protocol(make):
    assert isinstance(make(layers=[2]), Encoder)


@pytest.mark.parametrize(("batch_size", "batch_tokens"), [(1, None), (2, 64), (64, None)])
def test_a_batch_of_mixed_lengths_equals_one_by_one(make, batch_size, batch_tokens):
    settings = {"batch_size": batch_size, "batch_tokens": batch_tokens}
    together = make(layers=[3], **settings).encode(SENTENCES)
    alone = [make(layers=[3]).encode([sentence])[0] for sentence in SENTENCES]
    for a, b in zip(together, alone, strict=True):
        assert a.words.tolist() == b.words.tolist()
        assert a.vectors.dtype == np.float32
        if len(a.words):
            np.testing.assert_allclose(a.vectors, b.vectors, atol=1e-5)


def test_a_sentence_in_capitals_is_read_in_small_letters(make):
    capitals, small, name = make().encode(
        [["RAIS", "WA", "İZMİR"], ["rais", "wa", "İzmİr"], ["NATO"]]
    )
    assert np.array_equal(capitals.vectors, small.vectors)
    assert not np.array_equal(name.vectors, make().encode([["nato"]])[0].vectors)


def test_every_word_has_vectors_however_long_the_sentence(make):
    encoded = make(layers=[2]).encode(SENTENCES)
    for sentence, (vectors, words, _) in zip(SENTENCES, encoded, strict=True):
        assert len(vectors) == len(words)
        with_subwords = [i for i, word in enumerate(sentence) if word.strip("\x07")]
        assert sorted(set(words.tolist())) == with_subwords
        assert words.tolist() == sorted(words.tolist())
    assert len(encoded[4].words) == 200
    assert len(encoded[5].words) == 161


@pytest.mark.parametrize("layer", [0, 1, 2, 3, 4])
def test_a_layer_is_that_of_the_full_model(make, tiny_encoder, layer):
    (encoded,) = make(layers=[layer]).encode(SENTENCES[:1])
    wanted = full_model(tiny_encoder, SENTENCES[0])
    assert len(wanted) == 5
    np.testing.assert_allclose(encoded.vectors, wanted[layer], atol=1e-5)


def test_no_layer_above_is_computed(make):
    encoder = make(layers=[2])
    encoder.encode(SENTENCES[:1])
    _, model = encoder.runner.load()
    assert model.config.num_hidden_layers == 2


def test_layers_with_a_norm_behind_the_last_are_taken_uncut(tmp_path, tiny_encoder):
    """Cut after layer 1, XLM-R-XL would put its final norm there."""
    import transformers

    config = transformers.XLMRobertaXLConfig(
        vocab_size=300,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=64,
        pad_token_id=0,
    )
    transformers.XLMRobertaXLModel(config).save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(tiny_encoder).save_pretrained(tmp_path)
    encoder = HFEncoder(name=str(tmp_path), layers=[1], device="cpu")
    (encoded,) = encoder.encode(SENTENCES[:1])
    np.testing.assert_allclose(encoded.vectors, full_model(tmp_path, SENTENCES[0])[1], atol=1e-5)


@pytest.mark.parametrize("layer", [-1, 5, 8])
def test_a_layer_that_is_not_there(make, layer):
    with pytest.raises(XProjError, match=rf"no layer {layer} .* 0 to 4\. Set layers = \[3\]\."):
        make(layers=[layer]).encode(SENTENCES)


def test_several_layers_are_joined_so_that_their_cosines_are_averaged(make):
    from spacy_xproj.alignment.matching import cosine_similarity

    joined, *single = (
        make(layers=layers).encode(SENTENCES[:1])[0].vectors for layers in ([1, 3], [1], [3])
    )
    assert joined.shape == (6, 32)
    np.testing.assert_allclose(
        cosine_similarity(joined, joined),
        np.mean([cosine_similarity(v, v) for v in single], axis=0),
        atol=1e-5,
    )


def test_nothing_is_computed_beyond_the_highest_of_several_layers(make):
    _, model = make(layers=[3, 1]).runner.load()
    assert model.config.num_hidden_layers == 3


@pytest.mark.parametrize(
    ("depth", "n_layers", "chosen"),
    [(12, 1, (8,)), (12, 3, (6, 7, 8)), (24, 3, (14, 15, 16)), (4, 3, (1, 2, 3)), (1, 3, (1,))],
)
def test_layers_that_are_not_named_end_two_thirds_up(depth, n_layers, chosen):
    assert HFEncoder(n_layers=n_layers)._choose(depth) == chosen


def test_no_layers():
    with pytest.raises(XProjError, match=r"Set layers = \[8\]"):
        HFEncoder(layers=[])


def test_settings_without_a_model_are_cheap():
    encoder = HFEncoder(layers=[99])
    assert encoder._runner is None


def test_describe_names_model_layer_and_origin(tiny_encoder, make):
    assert make(layers=[2]).describe() == {
        "model": str(tiny_encoder),
        "revision": None,
        "layers": [2],
        "from": "path",
    }


@pytest.mark.parametrize("precision", ["half", "bfloat16"])
def test_describe_says_when_numbers_are_short(make, precision):
    assert make(layers=[2], **{precision: True}).describe()["precision"] == precision


def test_every_setting_reaches_the_model(make_encoder_from_config, monkeypatch):
    monkeypatch.setattr("spacy_xproj.hf.runner.has_fast_bfloat16", lambda device: True)
    encoder = make_encoder_from_config(
        device="cpu", bfloat16=True, batch_size=7, batch_tokens=99, layers=[2]
    )
    encoder.encode([["Asha"]])
    runner = encoder.runner
    _, model = runner.load()
    assert (model.device.type, str(model.dtype)) == ("cpu", "torch.bfloat16")
    assert (runner.batch_size, runner.batch_tokens, runner.half) == (7, 99, False)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"device": "cuda:7000"}, "XP903"),
        ({"device": "cpu", "half": True}, "XP906"),
    ],
)
def test_a_device_that_is_not_there_is_refused(make_encoder_from_config, settings, code):
    import torch

    if code == "XP903" and torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(XProjError, match=code):
        make_encoder_from_config(**settings).encode([["Asha"]])


def test_settings_that_cannot_be_are_refused_before_a_model_is_loaded():
    for wrong in ({"batch_size": 0}, {"batch_tokens": 0}, {"half": True, "bfloat16": True}):
        with pytest.raises(XProjError, match=r"XP151|XP441"):
            HFEncoder(**wrong)


def test_a_pickle_has_no_weights(make):
    encoder = make(layers=[3])
    before = encoder.encode(SENTENCES)
    data = pickle.dumps(encoder)
    assert len(data) < 2_000
    after = pickle.loads(data).encode(SENTENCES)
    assert all(np.array_equal(a.vectors, b.vectors) for a, b in zip(before, after, strict=True))


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this platform"
)
@pytest.mark.parametrize("used_before", [True, False])
def test_encoding_goes_on_in_a_forked_process(make, used_before, one_thread):
    """As in nlp.pipe(n_process=2). Another model may have used torch's threads before."""
    import torch

    encoder = make(layers=[4])
    torch.set_num_threads(2)
    try:
        torch.rand(2_000_000).exp().sum()
        many = [["Asha", "visited", "Nairobi"] * 20] * 64
        if used_before:
            encoder.encode(many)
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        child = context.Process(
            target=lambda: results.put(encoder.encode(many)[-1].vectors), daemon=True
        )
        child.start()
        try:
            vectors = results.get(timeout=30)
        finally:
            child.kill()
    finally:
        torch.set_num_threads(1)
    np.testing.assert_allclose(vectors, encoder.encode(many[:1])[0].vectors, atol=1e-5)
