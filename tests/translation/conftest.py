"""Small real models, saved to disk and loaded by the code under test."""

import pytest

# Given texts of both languages and their translations; the small NLLB learns them by heart.
PAIRS = [
    ("Rais alitembelea Dodoma.", "The president visited Dodoma."),
    ("Asha anaishi Nairobi.", "Asha lives in Nairobi."),
    ("Mvua ilinyesha jana.", "It rained yesterday."),
    ("Juma alinunua vitabu.", "Juma bought books."),
]
LANGUAGES = ["eng_Latn", "swh_Latn", "arb_Arab", "ary_Arab", "zho_Hans"]
SIZES = {
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "max_position_embeddings": 64,
    "dropout": 0.0,
    "attention_dropout": 0.0,
    "activation_dropout": 0.0,
    "encoder_layerdrop": 0.0,
    "decoder_layerdrop": 0.0,
}


@pytest.fixture(scope="session")
def pairs():
    return PAIRS


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    """Models of this size are slower on several threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _nllb_tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import NllbTokenizerFast

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=200,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator([text for pair in PAIRS for text in pair], trainer)
    return NllbTokenizerFast(tokenizer_object=tokenizer, additional_special_tokens=LANGUAGES)


def _learn(model, tokenizer):
    """Train until the model knows PAIRS in both directions."""
    batches = []
    for source, target, flip in (("swh_Latn", "eng_Latn", 1), ("eng_Latn", "swh_Latn", -1)):
        tokenizer.src_lang, tokenizer.tgt_lang = source, target
        given, wanted = zip(*(pair[::flip] for pair in PAIRS), strict=True)
        batches.append(_batch(tokenizer, given, wanted))
    _fit(model, batches)


def _batch(tokenizer, given, wanted):
    batch = tokenizer(list(given), text_target=list(wanted), padding=True, return_tensors="pt")
    batch["labels"][batch["labels"] == tokenizer.pad_token_id] = -100
    return batch


def _fit(model, batches):
    import torch

    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(600):
        loss = sum(model(**batch).loss for batch in batches)
        # So sure that neither rounding, 8 bits nor another machine's arithmetic changes a token.
        if loss < 0.004:
            return
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    raise AssertionError(f"the small model did not learn its sentences (loss {loss:.2f})")


@pytest.fixture(scope="session")
def nllb(tmp_path_factory):
    """A folder with an NLLB model that translates PAIRS, both ways."""
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    tokenizer = _nllb_tokenizer()
    torch.manual_seed(0)
    config = M2M100Config(
        **{**SIZES, "d_model": 32},
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id,
    )
    model = M2M100ForConditionalGeneration(config)
    _learn(model, tokenizer)
    return _save(tmp_path_factory.mktemp("nllb"), model, tokenizer)


@pytest.fixture(scope="session")
def spm_file(tmp_path_factory):
    import sentencepiece

    prefix = tmp_path_factory.mktemp("spm") / "tiny"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in PAIRS for text in pair]),
        model_prefix=str(prefix),
        vocab_size=50,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return prefix.with_suffix(".model")


def _marian(folder, spm_file, codes, train=None, width=16, **languages):
    import sentencepiece
    import srsly
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    pieces = sentencepiece.SentencePieceProcessor(str(spm_file))
    tokens = ["</s>", "<unk>", *(pieces.id_to_piece(i) for i in range(3, len(pieces)))]
    tokens += [*(f">>{code}<<" for code in codes), "<pad>"]
    srsly.write_json(folder / "vocab.json", {token: i for i, token in enumerate(tokens)})
    tokenizer = MarianTokenizer(
        str(spm_file), str(spm_file), str(folder / "vocab.json"), model_max_length=32, **languages
    )
    torch.manual_seed(0)
    config = MarianConfig(
        **{**SIZES, "d_model": width},
        vocab_size=len(tokens),
        pad_token_id=len(tokens) - 1,
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=len(tokens) - 1,
    )
    model = MarianMTModel(config)
    if train is not None:
        train(model, tokenizer)
    return _save(folder, model, tokenizer)


@pytest.fixture(scope="session")
def marian_learnt(tmp_path_factory, spm_file):
    """A folder with a Marian model that translates the first two of PAIRS."""
    import torch

    folder = tmp_path_factory.mktemp("marian-learnt")

    def train(model, tokenizer):
        given, wanted = zip(*PAIRS[:2], strict=True)
        # The decoder starts from the padding, which is nothing in a Marian model and stays so.
        keep = torch.ones(model.config.vocab_size, 1)
        keep[tokenizer.pad_token_id] = 0
        model.get_input_embeddings().weight.register_hook(lambda gradient: gradient * keep)
        _fit(model, [_batch(tokenizer, given, wanted)])

    return _marian(folder, spm_file, [], train, 32, source_lang="sw", target_lang="en")


@pytest.fixture(scope="session")
def marian(tmp_path_factory, spm_file):
    """A folder with an untrained Marian model for Swahili to English."""
    folder = tmp_path_factory.mktemp("marian")
    return _marian(folder, spm_file, [], source_lang="sw", target_lang="en")


@pytest.fixture(scope="session")
def marian_many(tmp_path_factory, spm_file):
    """A folder with an untrained Marian model for English to several languages."""
    folder = tmp_path_factory.mktemp("marian-many")
    codes = ["deu", "swa", "cmn_Hans"]
    return _marian(folder, spm_file, codes, source_lang="en", target_lang="mul")


@pytest.fixture(scope="session")
def m2m(tmp_path_factory, spm_file):
    """A folder with an untrained M2M-100 model."""
    import sentencepiece
    import srsly
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    folder = tmp_path_factory.mktemp("m2m")
    pieces = sentencepiece.SentencePieceProcessor(str(spm_file))
    tokens = ["<s>", "<pad>", "</s>", "<unk>"]
    tokens += [pieces.id_to_piece(i) for i in range(3, len(pieces))]
    srsly.write_json(folder / "vocab.json", {token: i for i, token in enumerate(tokens)})
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(spm_file))
    torch.manual_seed(0)
    config = M2M100Config(**SIZES, vocab_size=len(tokens) + 108)
    return _save(folder, M2M100ForConditionalGeneration(config), tokenizer)


def _save(folder, model, tokenizer):
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


@pytest.fixture
def calls(monkeypatch):
    """Lists the arguments with which the models generate, and what they give."""
    from transformers.generation import GenerationMixin

    seen = []
    generate = GenerationMixin.generate

    def spy(self, **kwargs):
        output = generate(self, **kwargs)
        seen.append((kwargs, output))
        return output

    monkeypatch.setattr(GenerationMixin, "generate", spy)
    return seen
