"""Training documents from projected corpora: what is read, kept, repeated and mixed in."""

import logging

import pytest
import spacy
from spacy import registry
from spacy.cli.train import train
from spacy.tokens import Doc, Span
from spacy.training import Corpus
from spacy.training.initialize import convert_vectors

from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import write_docs

NAME = "spacy-xproj.ProjectedCorpus.v1"
VOCAB = spacy.blank("sw").vocab


def document(text, score=None, *, projected=True):
    """The first word is a person if it has a capital; the score is that of its projection."""
    doc = Doc(VOCAB, words=text.split())
    named = text[0].isupper()
    doc.set_ents([Span(doc, 0, 1, label="PER")] if named else [])
    if projected:
        view = SourceView("en", ("Asha", "left"), (True, False))
        view = view.with_entities([(0, 1, "PER")] if named else [])
        found = [Projection(0, "PER", Status.PROJECTED, 0, 1, 0, 0, score)] if named else []
        doc._.xproj["en"] = view.replace(projections=tuple(found))
    return doc


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Ten projected documents with scores from 0 to 0.9, a folder of two shards, four gold ones."""
    monkeypatch.chdir(tmp_path)
    letters = "abcdefghij"
    write_docs([document(f"Asha {c}", i / 10) for i, c in enumerate(letters)], "a.spacy")
    for shard in (1, 0):
        docs = [document(f"mvua {shard} {c}") for c in letters[:3]]
        write_docs(docs, f"b/shard-0000{shard}.spacy")
    gold = [document(f"Juma {c}", projected=False) for c in letters[:4]]
    write_docs(gold, "gold.spacy")
    return tmp_path


@pytest.fixture
def make():
    """The reader of a config block, and the texts of an epoch."""
    nlp = spacy.blank("sw")

    def make_reader(paths, **settings):
        block = {"@readers": NAME, "paths": paths, **settings}
        reader = registry.resolve({"reader": block})["reader"]
        return reader, [example.reference.text.strip() for example in reader(nlp)]

    return make_reader


def test_by_default_it_is_spacys_own_reader(files, make):
    nlp = spacy.blank("sw")
    for path in ("a.spacy", "b", "gold.spacy"):
        theirs = list(Corpus(path)(nlp))
        _, texts = make(path)
        assert texts == [example.reference.text.strip() for example in theirs]
    example = next(iter(make("a.spacy")[0](nlp)))
    assert example.predicted.vocab is example.reference.vocab is nlp.vocab
    assert example.get_aligned_ner() == ["U-PER", "O"]


def test_paths_in_order_and_shards_by_name(files, make):
    _, texts = make(["b", "a.spacy"])
    assert texts[:4] == ["mvua 0 a", "mvua 0 b", "mvua 0 c", "mvua 1 a"]
    assert len(texts) == 16


@pytest.fixture
def logged():
    """What spaCy logs, as (level, message)."""
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append((record.levelname, record.getMessage()))
    logger = logging.getLogger("spacy")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield records
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_filters_count_what_they_drop(files, make, logged):
    """Once, however often spaCy reads; what is left out is seen without --verbose."""
    reader, texts = make(
        ["a.spacy", "b"], min_confidence=0.5, max_empty_share=0.0, gold_paths="gold.spacy"
    )
    list(reader(spacy.blank("sw")))
    assert texts == [*(f"Asha {c}" for c in "fghij"), *(f"Juma {c}" for c in "abcd")]
    assert [(c["path"], c["read"], c["kept"], c["dropped"], c["used"]) for c in reader.counts] == [
        ("a.spacy", 10, 5, {"low-confidence": 5}, 5),
        ("b", 6, 0, {"empty": 6}, 0),
        ("gold.spacy", 4, 4, {}, 4),
    ]
    assert logged == [
        (
            "WARNING",
            "a.spacy: 10 documents, 5 kept (dropped: low-confidence 5; over the limit: 0), "
            "0 entities taken away, 5 examples",
        ),
        (
            "WARNING",
            "b: 6 documents, 0 kept (dropped: empty 6; over the limit: 0), "
            "0 entities taken away, 0 examples",
        ),
        (
            "INFO",
            "gold.spacy: 4 documents, 4 kept (dropped: none; over the limit: 0), "
            "0 entities taken away, 4 examples, gold",
        ),
    ]


def test_unsure_entities_can_be_left_open(files, make):
    reader, texts = make("a.spacy", min_confidence=0.5, on_low="missing")
    assert len(texts) == 10
    assert reader.counts[0]["unlabelled"] == 5
    first = next(iter(reader(spacy.blank("sw"))))
    assert first.get_aligned_ner() == [None, "O"]


def test_limits_and_weights(files, make):
    reader, texts = make(["a.spacy", "b"], limits=[4, 0], weights=[2.0, 0.5])
    assert sorted(texts[:8]) == sorted([f"Asha {c}" for c in "abcd"] * 2)
    assert len(texts) == 8 + 3
    assert len(set(texts[8:])) == 3
    assert [c["over_limit"] for c in reader.counts] == [6, 0]
    assert make(["a.spacy", "b"], limits=[4, 0], weights=[2.0, 0.5])[1] == texts
    assert make(["a.spacy", "b"], limits=[4, 0], weights=[2.0, 0.5], seed=1)[1] != texts


def test_gold_is_mixed_in_and_not_filtered(files, make):
    reader, texts = make("a.spacy", gold_paths="gold.spacy", min_confidence=0.5)
    assert texts == [*(f"Asha {c}" for c in "fghij"), *(f"Juma {c}" for c in "abcd")]
    assert [c["gold"] for c in reader.counts] == [False, True]


@pytest.mark.parametrize("share", [0.05, 1 / 3, 0.5, 0.9, 0.99])
def test_the_share_of_gold_is_reached(files, make, share):
    reader, texts = make("a.spacy", gold_paths=["gold.spacy"], gold_share=share)
    gold = [text for text in texts if text.startswith("Juma")]
    assert len(texts) - len(gold) == 10
    assert len(gold) == pytest.approx(10 * share / (1 - share), abs=0.51)
    assert [c["used"] for c in reader.counts] == [10, len(gold)]
    times = [gold.count(f"Juma {c}") for c in "abcd"]
    assert max(times) - min(times) <= 1


def test_a_repeat_gives_way_to_gold_and_to_earlier_paths(files, make):
    write_docs([document(t, 0.9) for t in ("JUMA a", "Asha b", "Pili c")], "c.spacy")
    reader, texts = make(["a.spacy", "c.spacy"], gold_paths="gold.spacy", dedup="near")
    assert texts[10:] == ["Pili c", *(f"Juma {c}" for c in "abcd")]
    assert reader.counts[1]["dropped"] == {"near-duplicate": 2}


@pytest.mark.parametrize(
    ("paths", "settings", "code"),
    [
        (None, {}, r"XP670.*--paths\.train"),
        ("none.spacy", {}, r"XP671.*none\.spacy"),
        ("empty", {}, "XP671.*empty"),
        (["a.spacy", "b"], {"weights": [1.0]}, "XP672.*1 values for 2 paths"),
        ("a.spacy", {"limits": [-1]}, "XP151"),
        ("a.spacy", {"weights": [float("inf")]}, "XP151"),
        ("a.spacy", {"gold_share": 0.5}, "XP674"),
        ("a.spacy", {"gold_share": 1.0, "gold_paths": "gold.spacy"}, "XP674"),
        ("a.spacy", {"gold_share": 0.5, "gold_paths": "no_words.spacy"}, "XP674"),
        ("a.spacy", {"min_confidence": 2.0}, r"XP675.*10 documents.*low-confidence 10"),
        (["a.spacy", "a.spacy"], {"min_confidence": 2.0}, "XP675.*20 .*low-confidence 20"),
        # Gold alone is no projected corpus.
        ("a.spacy", {"min_confidence": 2.0, "gold_paths": "gold.spacy"}, "XP675"),
        ("a.spacy", {"weights": [0.0]}, "XP675.*weights of 0"),
        ("a.spacy", {"filters": ["whole"]}, "XP150"),
        ("broken.spacy", {}, "XP615"),
    ],
)
@pytest.mark.filterwarnings("ignore:.W090")
def test_settings_and_files_that_do_not_hold(files, make, paths, settings, code):
    (files / "empty").mkdir()
    (files / "broken.spacy").write_bytes(b"no DocBin")
    write_docs([Doc(VOCAB)], "no_words.spacy")
    with pytest.raises(XProjError, match=code):
        make(paths, **settings)


@pytest.fixture
def vectors(tmp_path):
    """A folder of word vectors, as ``spacy init vectors`` makes them."""
    words = ["Asha", "Juma", "mvua", "a", "b"]
    rows = [
        f"{word} {' '.join(str((i * 7 + j) % 5) for j in range(8))}" for i, word in enumerate(words)
    ]
    text = f"{len(words)} 8\n" + "\n".join(rows) + "\n"
    (tmp_path / "vectors.txt").write_text(text, encoding="utf-8")
    nlp = spacy.blank("sw")
    convert_vectors(nlp, tmp_path / "vectors.txt", truncate=0, prune=-1)
    nlp.to_disk(tmp_path / "vectors")
    return str(tmp_path / "vectors")


@pytest.mark.parametrize("static", [False, True])
def test_a_cpu_student_trains_on_filtered_and_gold_documents(
    root, files, tmp_path, vectors, static
):
    overrides = {
        "nlp.lang": "sw",
        "paths.train": "a.spacy",
        "paths.gold": "gold.spacy",
        "paths.dev": "gold.spacy",
        "corpora.train.min_confidence": 0.5,
        "corpora.train.filters": ["complete"],
        "corpora.train.gold_share": 0.5,
        "training.max_steps": 2,
        "training.eval_frequency": 1,
    }
    if static:
        overrides["paths.vectors"] = vectors
        overrides["components.tok2vec.model.embed.include_static_vectors"] = True
    train(root / "spacy_xproj" / "configs" / "ner_cpu.cfg", tmp_path / "model", overrides=overrides)
    nlp = spacy.load(tmp_path / "model" / "model-best")
    assert nlp.get_pipe("ner").labels == ("PER",)
    assert nlp.config["corpora"]["train"]["@readers"] == NAME
    assert nlp.vocab.vectors.shape == ((5, 8) if static else (0, 0))
    layers = {node.name for node in nlp.get_pipe("tok2vec").model.walk()}
    assert ("static_vectors" in layers) == static
    if static:
        assert [token.has_vector for token in nlp("Asha Zuri")] == [True, False]
