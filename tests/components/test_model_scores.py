"""Candidates and scores that run a model, in a pipeline made from a config string."""

import pickle

import pytest
import spacy

from spacy_xproj.alignment.encoders import HFEncoder
from spacy_xproj.tagging.hf_tagger import HFTagger

CONFIG = """
[nlp]
lang = "sw"
pipeline = ["xproj_projector"]

[components]

[components.xproj_projector]
factory = "xproj_projector"

[components.xproj_projector.projector]
@xproj_projectors = "spacy-xproj.Matching.v1"

[components.xproj_projector.projector.candidates]
@xproj_candidates = "spacy-xproj.UnionCandidates.v1"

[components.xproj_projector.projector.candidates.candidates]

[components.xproj_projector.projector.candidates.candidates.ngrams]
@xproj_candidates = "spacy-xproj.Ngrams.v1"

[components.xproj_projector.projector.candidates.candidates.ner]
@xproj_candidates = "spacy-xproj.NerSpans.v1"
sub_spans = true

[components.xproj_projector.projector.candidates.candidates.ner.tagger]
@xproj_taggers = "spacy-xproj.HFTagger.v1"
model = "{ner}"
device = "cpu"

[components.xproj_projector.projector.score]
@xproj_scores = "spacy-xproj.FusedScore.v1"
weights = {{"align": 1.0, "emb": 0.1, "ner": 0.2}}

[components.xproj_projector.projector.score.scores]

[components.xproj_projector.projector.score.scores.align]
@xproj_scores = "spacy-xproj.AlignScore.v1"

[components.xproj_projector.projector.score.scores.ner]
@xproj_scores = "spacy-xproj.NerScore.v1"
any_label = true

[components.xproj_projector.projector.score.scores.ner.tagger]
@xproj_taggers = "spacy-xproj.HFTagger.v1"
model = "{ner}"
device = "cpu"

[components.xproj_projector.projector.score.scores.emb]
@xproj_scores = "spacy-xproj.EmbScore.v1"

[components.xproj_projector.projector.score.scores.emb.encoder]
@xproj_encoders = "spacy-xproj.HFEncoder.v1"
name = "{encoder}"
layers = [4]
device = "cpu"
"""


@pytest.fixture
def nlp(make_nlp, tiny_ner, tiny_encoder):
    """The pipeline of four whose projector is the one of the config."""
    text = CONFIG.format(ner=tiny_ner.as_posix(), encoder=tiny_encoder.as_posix())
    projector = spacy.util.load_config_from_str(text)["components"]["xproj_projector"]["projector"]
    return make_nlp(xproj_projector={"projector": projector})


@pytest.fixture
def calls(monkeypatch):
    """How many sentences each model was given, by call."""
    seen = {"probabilities": [], "tag": [], "encode": []}

    def watch(owner, name):
        method = getattr(owner, name)

        def spy(self, items):
            seen[name].append(len(items))
            return method(self, items)

        monkeypatch.setattr(owner, name, spy)

    watch(HFTagger, "probabilities")
    watch(HFTagger, "tag")
    watch(HFEncoder, "encode")
    return seen


def test_a_config_string_resolves_to_a_pipeline(tiny_ner, tiny_encoder):
    text = CONFIG.format(ner=tiny_ner.as_posix(), encoder=tiny_encoder.as_posix())
    nlp = spacy.util.load_model_from_config(
        spacy.util.load_config_from_str(text, interpolate=True), auto_fill=True
    )
    described = nlp.get_pipe("xproj_projector").backend.describe()
    assert described["score"]["scores"]["ner"]["tagger"]["model"] == tiny_ner.as_posix()
    assert described["score"]["scores"]["emb"]["encoder"]["layers"] == [4]
    assert list(described["candidates"]["candidates"]) == ["ner", "ngrams"]


def test_models_run_once_per_batch(nlp, texts, calls, expected, found):
    docs = list(nlp.pipe([*texts, texts[0]]))
    # The third text has no entities, the first comes twice. The tagger's spans come from its
    # probabilities, so that these are asked for twice: as candidates and as a score.
    assert calls["tag"] == [3]
    assert calls["probabilities"] == [3, 3]
    assert len(calls["encode"]) == 1
    assert [found(doc) for doc in docs[:3]] == expected[:3]
    assert found(docs[4]) == found(docs[0])
    # Every candidate has some cosine, so that the entity without links competes for one, too.
    statuses = {str(p.status) for p in docs[3]._.xproj["en"].projections}
    assert "projected" in statuses
    assert statuses <= {"projected", "overlap"}


def test_one_by_one_in_batches_after_saving_and_pickling(nlp, texts, found, tmp_path):
    wanted = [found(doc) for doc in nlp.pipe(texts)]
    assert [found(nlp(text)) for text in texts] == wanted
    nlp.to_disk(tmp_path / "saved")
    for again in (spacy.load(tmp_path / "saved"), pickle.loads(pickle.dumps(nlp))):
        assert [found(doc) for doc in again.pipe(texts, batch_size=3)] == wanted


def test_the_report_tells_which_span_came_second(nlp, texts):
    report = nlp(texts[0])._.xproj.report()
    assert "  next: '" in report


def test_a_document_that_fails_costs_only_itself(nlp, texts, found, monkeypatch):
    """The batch is prepared together; its documents are then tried on their own."""
    wanted = [found(doc) for doc in nlp.pipe(texts[:2])]
    probabilities = HFTagger.probabilities
    bad = tuple(t.text for t in nlp.make_doc(texts[3]))

    def fail(self, sentences):
        if bad in sentences:
            raise RuntimeError("out of memory")
        return probabilities(self, sentences)

    monkeypatch.setattr(HFTagger, "probabilities", fail)
    errors = []
    nlp.set_error_handler(lambda name, proc, docs, error: errors.append((name, str(error))))
    docs = list(nlp.pipe([texts[0], texts[3], texts[1]]))
    assert errors == [("xproj_projector", "out of memory")]
    assert [found(doc) for doc in docs] == wanted
