"""A model over batches of sentences, in the process that loaded it and in those forked from it."""

import multiprocessing
import pickle
from operator import attrgetter

import numpy as np
import pytest
import transformers

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


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_a_batch_gives_what_each_sentence_gives_alone(tiny_encoder, batch_size):
    runner = make(tiny_encoder, batch_size=batch_size)
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
