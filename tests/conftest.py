"""Fixtures for all rooms. Benchmark files and models may lie beside the checkout; tests that use
them skip by name where they do not, and the project never needs them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hypothesis
import pytest
from spacy.tokens import Doc

import spacy_xproj  # noqa: F401 - adds doc._.xproj and the registries
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.text.tokenizers import blank_vocab, set_entities

pytest_plugins = ["tests.fixtures.commands", "tests.fixtures.xquad", "tests.fixtures.chat"]

# How long an example takes depends on the machine, and on what else it does. A run shows what a
# change did, so its examples are the same each time; `--hypothesis-profile explore` draws new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile("same")

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("XPROJ_SHARED", ROOT.parent / "shared"))


def _shared(part: str) -> Path:
    folder = SHARED / part
    if not folder.is_dir():
        pytest.skip(
            f"{part} is not beside the checkout ({folder}); set XPROJ_SHARED to where it is"
        )
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of benchmark files."""
    return _shared("data")


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of small inputs that stand for kinds of trouble."""
    return _shared("cases")


@pytest.fixture(scope="session")
def shared_models() -> Path:
    """The folder of models in Hugging Face format."""
    return _shared("models")


@pytest.fixture(scope="session")
def conll_model(shared_models, tmp_path_factory) -> str:
    """The folder of a NER model: the encoder that was fine-tuned on English CoNLL-2003, put
    together by the tool that lies beside its parts."""
    tool = shared_models.parent / "tools" / "make_ner_model.sh"
    if not tool.is_file() or os.name == "nt":
        pytest.skip(f"the tool {tool} is not here")
    folder = tmp_path_factory.mktemp("conll") / "model"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        ["bash", str(tool), str(folder)],
        check=True,
        capture_output=True,
        env={**os.environ, "PATH": path},
    )
    return str(folder)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """Small models are slower on several threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


_SENTENCES = [
    ("Asha met Baraka in Dodoma .", "B-PER O B-PER O B-LOC O"),
    ("Baraka Mushi visited Nairobi .", "B-PER I-PER O B-LOC O"),
    ("Kijani Bank opened in Dodoma .", "B-ORG I-ORG O O B-LOC O"),
    ("Asha Mushi works for Kijani Bank .", "B-PER I-PER O O B-ORG I-ORG O"),
    ("in Nairobi Asha works .", "O B-LOC B-PER O O"),
    ("the new year opened well .", "O O O O O O"),
]


def _save_tiny(
    folder: Path, model_class: str, *, hidden: int, layers: int, labels: list[str]
) -> Path:
    """A BERT with the words above and single characters as vocabulary; 64 positions."""
    import torch
    import transformers

    words = sorted({word for text, _ in _SENTENCES for word in text.split() if len(word) > 1})
    characters = [chr(c) for c in range(33, 127)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *characters]
    vocabulary += [f"##{c}" for c in characters]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(
        vocab_file=str(folder / "vocab.txt"), do_lower_case=False, model_max_length=64
    )
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.2,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    torch.manual_seed(0)
    model = getattr(transformers, model_class)(config)
    if labels:
        _learn_labels(model, tokenizer, labels)
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def _learn_labels(model, tokenizer, labels: list[str]) -> None:
    import torch

    batch = tokenizer(
        [text.split() for text, _ in _SENTENCES],
        is_split_into_words=True,
        padding=True,
        return_tensors="pt",
    )
    gold = torch.full(batch["input_ids"].shape, -100)
    for i, (_, tags) in enumerate(_SENTENCES):
        for position, word in enumerate(batch.word_ids(i)):
            if word is not None:
                gold[i, position] = labels.index(tags.split()[word])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        loss = model(**batch, labels=gold).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.1, f"the small model did not learn its sentences (loss {loss:.2f})"


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    """A folder with an untrained BERT: 4 layers, 16 wide, 64 positions."""
    folder = tmp_path_factory.mktemp("tiny-encoder")
    return _save_tiny(folder, "BertModel", hidden=16, layers=4, labels=[])


@pytest.fixture(scope="session")
def tiny_ner(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    """A folder with a BERT for token classification that has learnt the sentences above."""
    labels = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
    folder = tmp_path_factory.mktemp("tiny-ner")
    model_class = "BertForTokenClassification"
    return _save_tiny(folder, model_class, hidden=32, layers=2, labels=labels)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the given name and content, text or bytes."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="session")
def make() -> Callable[..., Doc]:
    """Make a Doc from words, spaces (default: all) and entities in words."""
    vocab = blank_vocab("en")

    def make_doc(words, entities=(), spaces=None) -> Doc:
        spaces = [True] * len(words) if spaces is None else spaces
        return set_entities(Doc(vocab, words=words, spaces=spaces), entities)

    return make_doc


@pytest.fixture(scope="session")
def content() -> Callable[[Doc], tuple]:
    """What a format has to keep: the words, and the entities over them."""
    return lambda doc: (
        [token.text for token in doc],
        [(ent.start, ent.end, ent.label_) for ent in doc.ents],
    )


@pytest.fixture(scope="session")
def found():
    """The entities of a document as (text, label)."""
    return lambda doc: [(ent.text, ent.label_) for ent in doc.ents]


@pytest.fixture(scope="session")
def pair() -> Callable[..., tuple[SourceView, Sentence]]:
    """Make a source view and its target from two lines of words, the source entities as (start,
    end, label), and the links as (source word, target word[, strength])."""

    def spaces(words: Sequence[str]) -> tuple[bool, ...]:
        return tuple(i + 1 < len(words) for i in range(len(words)))

    def make_pair(source, target, entities=(), links=()) -> tuple[SourceView, Sentence]:
        src, tgt = tuple(source.split(" ")), tuple(target.split(" ")) if target else ()
        view = SourceView("en", src, spaces(src), links=Links(links))
        return view.with_entities(entities), Sentence(tgt, spaces(tgt))

    return make_pair
