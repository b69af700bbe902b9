"""A spaCy pipeline as the source NER."""

import pickle

import pytest
import spacy
from spacy.tokens import Span

from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.tagging import SpacyTagger, Tagged, Tagger


@pytest.fixture(scope="module")
def ruler(tmp_path_factory):
    """The folder of a pipeline with an entity ruler."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PER", "pattern": "Asha Mushi"},
            {"label": "ORG", "pattern": "Kijani-Bank"},
            {"label": "LOC", "pattern": [{"TEXT": "Dodoma's"}]},
        ]
    )
    folder = tmp_path_factory.mktemp("pipelines") / "ruler"
    nlp.to_disk(folder)
    return str(folder)


def test_it_finds_what_the_pipeline_finds(ruler, view):
    tagger = SpacyTagger(model=ruler)
    assert isinstance(tagger, Tagger)
    views = [view("Then", "Asha", "Mushi", "left"), view(), view("It", "rained")]
    assert tagger.tag(views) == [[Tagged(1, 3, "PER")], [], []]


def test_the_words_stay_as_they_are(ruler, view):
    """spaCy's own tokenizer would cut "Dodoma's" and "Kijani-Bank"; then the numbers of words
    would not be those of the view."""
    assert [t.text for t in spacy.load(ruler)("Dodoma's")] == ["Dodoma", "'s"]
    (found,) = SpacyTagger(model=ruler).tag([view("we", "like", "Dodoma's", "sun")])
    assert found == [Tagged(2, 3, "LOC")]


def test_words_without_spaces_between(ruler):
    glued = SourceView("en", ("(", "Asha", "Mushi", ")"), (False, True, False, False))
    assert SpacyTagger(model=ruler).tag([glued]) == [[Tagged(1, 3, "PER")]]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_views_keep_their_order_in_batches(ruler, view, batch_size):
    views = [view("Asha", "Mushi") if i % 3 else view("x") for i in range(7)]
    found = SpacyTagger(model=ruler, batch_size=batch_size).tag(views)
    assert [len(entities) for entities in found] == [0, 1, 1, 0, 1, 1, 0]


def test_the_pipeline_is_loaded_on_first_use(ruler, view, monkeypatch):
    loaded = []
    load = spacy.load
    monkeypatch.setattr(spacy, "load", lambda name: loaded.append(name) or load(name))
    tagger = SpacyTagger(model=ruler)
    assert loaded == []
    tagger.tag([view("a")])
    tagger.tag([view("b")])
    assert loaded == [ruler]


def test_no_model_named():
    with pytest.raises(XProjError, match=r"XP301.*'model': 'en_core_web_sm'"):
        SpacyTagger().tag([])


def test_a_model_that_is_not_installed_says_how_to_get_it():
    with pytest.raises(XProjError, match=r"XP302.*E050.*python -m spacy download en_core_web_xx\)"):
        SpacyTagger(model="en_core_web_xx").tag([])


def test_a_broken_config_says_where(tmp_path):
    spacy.blank("en").to_disk(tmp_path)
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'en'\nno_such = 1\n")
    with pytest.raises(XProjError, match=r"XP302.*cannot be loaded: \S.+"):
        SpacyTagger(model=str(tmp_path)).tag([])


@pytest.mark.parametrize(("pipes", "have"), [([], "none"), (["sentencizer"], "sentencizer")])
def test_a_pipeline_without_ner_is_an_error_and_not_no_entities(tmp_path, view, pipes, have):
    nlp = spacy.blank("en")
    for pipe in pipes:
        nlp.add_pipe(pipe)
    nlp.to_disk(tmp_path)
    with pytest.raises(XProjError, match=rf"XP305.*it has: {have}\. Use a pipeline with 'ner'"):
        SpacyTagger(model=str(tmp_path)).tag([view("a")])


def test_describe_names_model_and_version(ruler):
    assert SpacyTagger(model=ruler).describe() == {
        "tagger": "spacy",
        "model": ruler,
        "name": "en_pipeline",
        "version": "0.0.0",
    }


def test_a_tagger_can_be_sent_to_a_worker(ruler, view):
    tagger = SpacyTagger(model=ruler)
    before = tagger.tag([view("Asha", "Mushi")])
    data = pickle.dumps(tagger)
    assert len(data) < 1_000
    assert pickle.loads(data).tag([view("Asha", "Mushi")]) == before


@pytest.fixture(scope="module")
def spancat(tmp_path_factory):
    """The folder of a pipeline with a span categorizer that has learnt a sentence."""
    from spacy.training import Example

    nlp = spacy.blank("en")
    config = {"suggester": {"@misc": "spacy.ngram_suggester.v1", "sizes": [1, 2, 3]}}
    nlp.add_pipe("spancat", config=config)
    doc = nlp.make_doc("Asha Mushi left Dodoma")
    doc.spans["sc"] = [Span(doc, 0, 2, "PER"), Span(doc, 0, 1, "FIRST"), Span(doc, 3, 4, "LOC")]
    examples = [Example(nlp.make_doc(doc.text), doc)]
    nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples)
    folder = tmp_path_factory.mktemp("pipelines") / "spancat"
    nlp.to_disk(folder)
    return str(folder)


def test_span_groups_with_their_scores(spancat, view):
    (found,) = SpacyTagger(model=spancat, spans_key="sc").tag(
        [view("Asha", "Mushi", "left", "Dodoma")]
    )
    assert [(one.start, one.end, one.label) for one in found] == [
        (0, 1, "FIRST"),
        (0, 2, "PER"),
        (3, 4, "LOC"),
    ]
    assert all(0.5 < one.score <= 1 for one in found)


def test_another_key_is_told_which_there_are(spancat, ruler, view):
    with pytest.raises(XProjError, match=r"XP308.*doc\.spans\['other'\]; there is: 'sc'"):
        SpacyTagger(model=spancat, spans_key="other").tag([view("Asha")])
    with pytest.raises(XProjError, match=r"XP305.*spans_key"):
        SpacyTagger(model=spancat).tag([view("Asha")])
