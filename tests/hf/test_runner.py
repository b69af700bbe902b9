"""A model over batches of sentences, in the process that loaded it and in those forked from it."""

import multiprocessing
import pickle
import threading
from operator import attrgetter
from types import SimpleNamespace

import numpy as np
import pytest
import transformers

from spacy_xproj.errors import XProjError
from spacy_xproj.hf.pieces import Pieces
from spacy_xproj.hf.runner import Runner

SENTENCES = [
    ["Asha", "met", "Baraka", "in", "Dodoma", "."],
    [],
    ["\x07"],
    ["Nairobi"],
    ["a-long-word-of-characters"] * 30,
    ["Kijani", "Bank", "opened", "."],
]


def make(tiny_encoder, **settings):
    pick = attrgetter("last_hidden_state")
    return Runner("AutoModel", str(tiny_encoder), pick, device="cpu", **settings)


@pytest.mark.parametrize(
    ("batch_size", "batch_tokens"), [(1, None), (3, 40), (100, 1), (100, None)]
)
def test_a_batch_gives_what_each_sentence_gives_alone(tiny_encoder, batch_size, batch_tokens):
    runner = make(tiny_encoder, batch_size=batch_size, batch_tokens=batch_tokens)
    together = runner.run(runner.split(SENTENCES))
    for sentence, rows in zip(SENTENCES, together, strict=True):
        (pieces,) = runner.split([sentence])
        (alone,) = make(tiny_encoder).run([pieces])
        assert len(rows) == len(alone) == len(pieces.ids)
        if len(rows):
            np.testing.assert_allclose(rows, alone, atol=1e-5)


def test_short_text_is_run_as_transformers_would(tiny_encoder):
    import torch

    runner = make(tiny_encoder)
    tokenizer, model = runner.load()
    (rows,) = runner.run(runner.split(SENTENCES[:1]))
    with torch.inference_mode():
        inputs = tokenizer(" ".join(SENTENCES[0]), return_tensors="pt")
        wanted = model(**inputs).last_hidden_state[0, 1:-1].numpy()
    np.testing.assert_allclose(rows, wanted, atol=1e-5)


def test_a_cpu_gets_batches_of_about_five_hundred_positions(tiny_encoder):
    runner = make(tiny_encoder)
    _, model = runner.load()
    shapes = []
    model.register_forward_pre_hook(
        lambda _, args, kwargs: shapes.append(tuple(kwargs["input_ids"].shape)), with_kwargs=True
    )
    runner.run(runner.split([["Asha"] * 48] * 30 + [["Asha"] * 8] * 300))
    # several threads take the batches, in any order
    assert sorted(shapes) == [(10, 50)] * 3 + [(45, 10)] + [(51, 10)] * 5


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_gpu_gets_larger_batches(tiny_encoder, device):
    model = SimpleNamespace(device=SimpleNamespace(type=device))
    assert make(tiny_encoder)._positions(model) == 16_384
    assert make(tiny_encoder, batch_tokens=99)._positions(model) == 99


def test_bfloat16_is_close_and_comes_back_as_float32(tiny_encoder, monkeypatch):
    monkeypatch.setattr("spacy_xproj.hf.runner.has_fast_bfloat16", lambda device: True)
    exact, short = make(tiny_encoder), make(tiny_encoder, bfloat16=True)
    _, model = short.load()
    assert {str(p.dtype) for p in model.parameters()} == {"torch.bfloat16"}
    wanted = exact.run(exact.split(SENTENCES))
    for rows, others in zip(short.run(short.split(SENTENCES)), wanted, strict=True):
        assert rows.dtype == np.float32
        np.testing.assert_allclose(rows, others, atol=0.15)  # values lie in [-4, 4]
        assert not len(rows) or not np.array_equal(rows, others)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, r"batch_size must be at least 1, got 0\. Set batch_size = 64$"),
        ({"batch_tokens": -1}, r"batch_tokens must be at least 1, got -1\. Set .* = 512$"),
        ({"half": True, "bfloat16": True}, r"half = true or bfloat16 = true, not both"),
    ],
)
def test_settings_that_cannot_be(tiny_encoder, settings, message):
    with pytest.raises(XProjError, match=message):
        make(tiny_encoder, **settings)


def test_no_sentence_at_all(tiny_encoder):
    runner = make(tiny_encoder)
    assert runner.run(runner.split([])) == []


def test_the_model_is_loaded_once_and_on_first_use(tiny_encoder, monkeypatch):
    loaded = []
    load = transformers.AutoModel.from_pretrained
    monkeypatch.setattr(
        transformers.AutoModel,
        "from_pretrained",
        lambda *args, **kwargs: loaded.append(args) or load(*args, **kwargs),
    )
    runner = make(tiny_encoder)
    assert loaded == []
    runner.run(runner.split(SENTENCES))
    runner.run(runner.split(SENTENCES))
    assert len(loaded) == 1


def test_positions_that_start_late_are_not_exceeded(tmp_path):
    """RoBERTa numbers positions from behind the padding index: of 40, 38 can be used."""
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer()
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(["Asha"] * 3, vocab_size=270, special_tokens=specials)
    trained.save_model(str(tmp_path))
    files = (str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt"))
    transformers.RobertaTokenizerFast(*files).save_pretrained(tmp_path)
    config = transformers.RobertaConfig(
        vocab_size=270,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=40,
        pad_token_id=1,
    )
    transformers.RobertaModel(config).save_pretrained(tmp_path)
    runner = make(tmp_path)
    (pieces,) = runner.split([["Dodoma"] * 50])
    (rows,) = runner.run([pieces])
    assert set(pieces.words) == set(range(50))
    assert rows.shape == (len(pieces.ids), 8)


def test_a_pickle_has_no_weights(tiny_encoder):
    runner = make(tiny_encoder)
    before = runner.run(runner.split(SENTENCES))
    data = pickle.dumps(runner)
    assert len(data) < 2_000
    again = pickle.loads(data)
    after = again.run(again.split(SENTENCES))
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.fixture
def two_threads(one_thread):
    import torch

    torch.set_num_threads(2)
    torch.rand(2_000_000).exp().sum()  # starts the threads that a fork does not copy
    yield
    torch.set_num_threads(1)


def test_batches_run_side_by_side_on_one_thread_each(tiny_encoder, two_threads):
    import torch

    runner = make(tiny_encoder, batch_size=2)
    pieces = runner.split(SENTENCES * 3)
    _, model = runner.load()
    seen = []
    meet = threading.Barrier(2)

    def look(*_):
        seen.append(torch.get_num_threads())
        if len(seen) <= 2:
            meet.wait(10)  # for a batch beside this one

    hook = model.register_forward_pre_hook(look)
    side_by_side = runner.run(pieces)
    hook.remove()
    assert len(seen) > 2
    assert set(seen) == {1}
    assert torch.get_num_threads() == 2
    torch.set_num_threads(1)
    for rows, alone in zip(side_by_side, runner.run(pieces), strict=True):
        np.testing.assert_allclose(rows, alone, atol=1e-6)


def test_a_single_batch_has_all_threads(tiny_encoder, two_threads):
    import torch

    runner = make(tiny_encoder)
    _, model = runner.load()
    seen = []
    model.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    runner.run(runner.split(SENTENCES[:1]))
    assert seen == [2]


def test_a_batch_that_fails_is_raised_and_threads_are_as_before(tiny_encoder, two_threads):
    import torch

    runner = make(tiny_encoder, batch_size=1)
    pieces = [Pieces([5] * 4, [0] * 4), Pieces([10**9], [0])]
    with pytest.raises(IndexError):
        runner.run(pieces)
    assert torch.get_num_threads() == 2


# Enough for torch to share the work among threads.
MANY = [["Asha", "visited", "Nairobi"] * 20] * 64


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this platform"
)
@pytest.mark.parametrize("used_before", [True, False])
def test_a_forked_process_can_go_on(tiny_encoder, two_threads, used_before):
    runner = make(tiny_encoder, batch_size=64)
    pieces = runner.split(MANY[:1]) * len(MANY) if used_before else None
    wanted = runner.run(pieces)[0] if used_before else None

    context = multiprocessing.get_context("fork")
    results = context.Queue()
    child = context.Process(
        target=lambda: results.put(runner.run(runner.split(MANY))[0]), daemon=True
    )
    child.start()
    try:
        rows = results.get(timeout=30)
    finally:
        child.join(timeout=5)
        child.kill()
    assert rows.shape == (60, 16)
    if used_before:
        np.testing.assert_allclose(rows, wanted, atol=1e-5)


def test_a_batch_that_does_not_fit_into_memory_is_run_in_parts(tiny_encoder, monkeypatch, caplog):
    runner = make(tiny_encoder)
    pieces = runner.split(SENTENCES)
    expected = runner.run(pieces)
    model, most = runner.load()[1], []

    class Small(type(model)):
        def forward(self, input_ids, **kwargs):
            most.append(len(input_ids))
            if len(input_ids) > 2:
                raise RuntimeError("DefaultCPUAllocator: not enough memory")
            return super().forward(input_ids, **kwargs)

    monkeypatch.setattr(model, "__class__", Small)
    for rows, others in zip(runner.run(pieces), expected, strict=True):
        np.testing.assert_allclose(rows, others, atol=2e-6)
    assert max(most) > 2
    assert "A smaller batch_tokens" in caplog.text
