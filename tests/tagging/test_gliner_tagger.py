"""GLiNER as the source NER, with a tiny model that knows nothing: what it says has to arrive."""

import pytest

from spacy_xproj.errors import ModelNotFoundError, XProjError
from spacy_xproj.tagging.base import Placing
from spacy_xproj.tagging.gliner_tagger import CUTS, GLiNERTagger, _parts

LABELS = {"PER": "person", "LOC": "city"}
TEXT = "Asha met Baraka in Dodoma ."


@pytest.fixture(scope="session")
def gliner_model(tmp_path_factory, one_thread):
    """A folder with a GLiNER model of one layer; skipped where the extra is not installed."""
    pytest.importorskip("gliner", reason="the extra [gliner] is not installed")
    import torch
    import transformers
    from gliner.config import UniEncoderSpanConfig
    from gliner.model import UniEncoderSpanGLiNER

    folder = tmp_path_factory.mktemp("gliner")
    words = [*TEXT.split(), "person", "city"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(
        vocab_file=str(folder / "vocab.txt"), do_lower_case=False, model_max_length=64
    )
    marks = ["<<ENT>>", "<<SEP>>"]
    tokenizer.add_special_tokens({"additional_special_tokens": marks})
    torch.manual_seed(0)
    config = UniEncoderSpanConfig(
        model_name=str(folder),
        hidden_size=16,
        max_width=3,
        dropout=0.0,
        max_len=40,
        num_rnn_layers=0,
        vocab_size=len(tokenizer),
        class_token_index=tokenizer.convert_tokens_to_ids("<<ENT>>"),
        encoder_config={
            "model_type": "bert",
            "vocab_size": len(tokenizer),
            **{"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2},
            **{"intermediate_size": 32, "max_position_embeddings": 64},
        },
    )
    model = UniEncoderSpanGLiNER(config, tokenizer=tokenizer)
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def make(model, **settings):
    return GLiNERTagger(model=str(model), labels=LABELS, threshold=0.0, device="cpu", **settings)


def test_what_the_model_says_in_words_and_characters_is_given_in_labels_and_words(
    gliner_model, pair
):
    tagger = make(gliner_model)
    view = pair(TEXT, "x")[0]
    (found,) = tagger.tag([view])
    raw = tagger.gliner.inference([TEXT], list(LABELS.values()), threshold=0.0)[0]
    assert isinstance(tagger, Placing)
    assert found
    words = TEXT.split()
    assert [(" ".join(words[e.start : e.end]), LABELS[e.label], e.score) for e in found] == [
        (r["text"], r["label"], round(r["score"], 4)) for r in raw
    ]


def test_long_sentences_are_read_in_parts(gliner_model, pair):
    tagger = make(gliner_model, max_words=6)
    short, long = pair(TEXT, "x")[0], pair(f"{TEXT} {TEXT}", "x")[0]
    once, twice = tagger.tag([short, long])
    assert [(e.start, e.end, e.label) for e in twice] == [
        (e.start + shift, e.end + shift, e.label) for shift in (0, 6) for e in once
    ]
    assert tagger.tag([]) == []


def test_a_span_that_cuts_a_word_is_told(pair):
    class Says:
        def inference(self, texts, labels, **settings):
            return [[{"start": 1, "end": 4, "text": "sha", "label": "person", "score": 0.9}]]

    tagger = GLiNERTagger(labels=LABELS)
    tagger._gliner = Says()
    assert tagger.place([pair(TEXT, "x")[0]]) == [([], [("sha", "PER", CUTS)])]


def test_parts_end_with_a_sentence_where_they_can():
    words = ["a", "b", ".", "c", "d", "e", "f", "g", "h", "."]
    assert list(_parts(words, 4)) == [(0, 3), (3, 7), (7, 10)]
    assert list(_parts([], 4)) == []


def test_a_model_that_is_not_safetensors_is_refused(tmp_path):
    pytest.importorskip("gliner", reason="the extra [gliner] is not installed")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(XProjError, match=r"XP904.*has no model\.safetensors"):
        _ = make(tmp_path).gliner


def test_a_model_that_is_nowhere_is_named(monkeypatch):
    pytest.importorskip("gliner", reason="the extra [gliner] is not installed")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match=r"XP901.*no/such-model"):
        _ = make("no/such-model").gliner


def test_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "gliner", None)
    with pytest.raises(XProjError, match=r"XP310.*spacy-xproj\[gliner\]"):
        _ = make("no/such-model").gliner
