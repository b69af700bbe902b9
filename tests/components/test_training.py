"""The components in spaCy's training: configs, initialisation, updates and scores."""

import json

import pytest
import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as train_while_improving
from spacy.util import load_config, load_model_from_config

from spacy_xproj.data.views import SourceView

COMPONENTS = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]


@pytest.fixture
def gold(texts, expected):
    """The sentences with the entities that the links of the file give."""
    nlp = spacy.blank("sw")
    docs = []
    for text, ents in zip(texts, expected, strict=True):
        doc = nlp.make_doc(text)
        spans = [
            doc.char_span(text.index(name), text.index(name) + len(name), label)
            for name, label in ents
        ]
        doc.set_ents(spans)
        docs.append(doc)
    return docs


@pytest.fixture
def config_path(blocks, gold, tmp_path):
    """A training config: a student "ner", and the four components that are not trained."""
    DocBin(docs=gold).to_disk(tmp_path / "gold.spacy")
    nlp = spacy.blank("sw")
    nlp.add_pipe("ner")
    for name, settings in blocks().items():
        nlp.add_pipe(name, config=settings)
    config = nlp.config.copy()
    for part in ("train", "dev"):
        config["paths"][part] = str(tmp_path / "gold.spacy")
    config["training"]["max_steps"] = 2
    config["training"]["eval_frequency"] = 1
    path = tmp_path / "train.cfg"
    config.to_disk(path)
    return path


def test_the_config_of_a_pipeline_makes_the_same_pipeline(config_path, texts, expected, found):
    text = config_path.read_text(encoding="utf-8")
    assert '@xproj_translators = "spacy-xproj.Bitext.v1"' in text
    nlp = load_model_from_config(load_config(config_path), auto_fill=True)
    assert nlp.pipe_names == ["ner", *COMPONENTS]
    with nlp.select_pipes(enable=COMPONENTS):
        assert [found(doc) for doc in nlp.pipe(texts)] == expected


def test_training_runs_through_them(config_path):
    nlp = init_nlp(load_config(config_path))
    assert nlp.get_pipe("ner").labels == ("DATE", "LOC", "ORG", "PER")
    trained, _ = train_while_improving(nlp)
    assert trained.pipe_names == ["ner", *COMPONENTS]


def test_spacy_train(config_path, tmp_path, texts, expected, found):
    train(config_path, tmp_path / "model")
    nlp = spacy.load(tmp_path / "model" / "model-best")
    # The projector comes last, and its entities are those of the file's links.
    assert [found(doc) for doc in nlp.pipe(texts)] == expected
    performance = json.loads((tmp_path / "model" / "model-best" / "meta.json").read_text())
    assert performance["performance"]["ents_f"] == 1.0


def test_evaluate_gives_the_scores_of_ner(make_nlp, gold):
    nlp = make_nlp()
    wrong = gold[0].copy()
    wrong.set_ents([])
    docs = [wrong, *gold[1:]]
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    assert (scores["ents_p"], scores["ents_r"]) == (4 / 7, 1.0)
    assert scores["ents_f"] == pytest.approx(8 / 11)
    assert sorted(scores["ents_per_type"]) == ["DATE", "LOC", "ORG", "PER"]


def test_no_scorer_no_scores(make_nlp, gold):
    nlp = make_nlp(xproj_projector={"scorer": None})
    assert nlp.get_pipe("xproj_projector").score([Example(gold[0], gold[0])]) == {}
    assert make_nlp().get_pipe("xproj_projector").score([]) == {}


def test_initialize_trains_a_statistical_aligner():
    """On the examples whose reference has a view; the others are left out."""
    pytest.importorskip("thot", reason="needs the extra [stat]")
    nlp = spacy.blank("sw")
    nlp.add_pipe(
        "xproj_aligner",
        config={"aligner": {"@xproj_aligners": "spacy-xproj.Statistical.v1", "model": "ibm1"}},
    )
    examples = []
    for english, swahili in [("red house", "nyumba nyekundu"), ("red", "nyekundu")] * 5:
        doc = Doc(nlp.vocab, swahili.split())
        words = tuple(english.split())
        doc._.xproj["en"] = SourceView("en", words, (True,) * len(words))
        examples.append(Example(nlp.make_doc(doc.text), doc))
    without = Doc(nlp.vocab, ["hakuna"])
    examples.append(Example(without, without))
    nlp.initialize(lambda: examples)
    doc = nlp(examples[0].reference.copy())
    strengths = {(k, l): a for k, l, a in doc._.xproj["en"].links}
    assert max(strengths, key=strengths.get) in [(0, 1), (1, 0)]
    assert strengths[0, 1] > strengths.get((0, 0), 0.0)
    assert nlp.get_pipe("xproj_aligner").backend.describe()["pairs"] == 10


def test_initialize_without_views_changes_nothing(make_nlp, gold, texts, expected, found):
    nlp = make_nlp()
    nlp.initialize(lambda: [Example(doc.copy(), doc) for doc in gold])
    assert [found(doc) for doc in nlp.pipe(texts)] == expected
