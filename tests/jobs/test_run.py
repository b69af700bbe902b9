"""Running a pipeline over documents: counts, failures, and nothing lost."""

import pytest
import spacy
from spacy.tokens import Doc, Span

from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import ModelNotFoundError
from spacy_xproj.jobs.pipelines import projection_pipeline
from spacy_xproj.jobs.run import Failure, annotate, fit


@pytest.fixture
def nlp(tmp_path):
    links = tmp_path / "links.pharaoh"
    links.write_text("0-0 1-1 2-2\n0-2 1-0 2-3\n0-0\n", encoding="utf-8")
    return projection_pipeline("sw", alignments=links)


def test_all_documents_come_back_in_order(nlp, docs):
    result = annotate(nlp, docs, progress=False)
    assert result.docs == docs
    assert [[e.text for e in doc.ents] for doc in result.docs] == [
        ["Asha", "Dodoma"],
        ["Benki ya Kijani"],
        [],
    ]
    assert result.failures == []
    assert result.statuses() == {"projected": 3}


def test_without_a_bar_none_is_made(nlp, docs, monkeypatch):
    """Even one that is not shown holds a semaphore, of which Python warns where workers end."""
    monkeypatch.setattr("tqdm.tqdm", None)
    assert annotate(nlp, docs, progress=False).docs == docs


def test_a_failure_is_listed_and_the_document_keeps_its_place(nlp, docs, tmp_path):
    (tmp_path / "links.pharaoh").write_text("0-0 1-1 2-2\n0-7\n0-0\n", encoding="utf-8")
    docs[1].set_ents([Span(docs[1], 0, 1, label="OLD")])
    result = annotate(nlp, docs, progress=False)
    assert result.docs == docs
    (failure,) = result.failures
    assert (failure.place, failure.component) == (1, "xproj_aligner")
    assert "links.pharaoh:2" in failure.reason
    assert [len(doc.ents) for doc in result.docs] == [2, 0, 0]
    (missed,) = docs[1]._.xproj["en"].projections
    assert (missed.status, missed.label, missed.reason) == (Status.ERROR, "ORG", failure.reason)
    assert result.statuses() == {"projected": 2, "error": 1}


def test_failures_are_in_order_of_place_not_of_component(nlp, docs, tmp_path):
    (tmp_path / "links.pharaoh").write_text("0-0\n0-0\n0-9\n", encoding="utf-8")
    project = nlp.get_pipe("xproj_projector").backend.project

    def fails(views, targets):
        if any(view.row == 0 for view in views):
            raise RuntimeError("no")
        return project(views, targets)

    nlp.get_pipe("xproj_projector").backend.project = fails
    failures = annotate(nlp, docs, progress=False, batch_size=1).failures
    assert failures[0] == Failure(0, "xproj_projector", "RuntimeError: no")
    assert [(f.place, f.component) for f in failures[1:]] == [(2, "xproj_aligner")]


def test_a_document_may_fail_before_it_has_a_view(docs):
    nlp = spacy.blank("sw")
    nlp.add_pipe(
        "xproj_translate", config={"translator": {"@xproj_translators": "spacy-xproj.Bitext.v1"}}
    )
    doc = Doc(nlp.vocab, ["Asha"])
    result = annotate(nlp, [doc], progress=False)
    assert [(f.place, f.component) for f in result.failures] == [(0, "xproj_translate")]
    assert result.statuses() == {}
    assert doc.ents == ()


def test_a_model_that_is_missing_is_missing_for_all(docs, monkeypatch):
    """It is looked for once, not once a document, and that is no matter of the documents."""
    nlp = projection_pipeline("sw", encoder="./not-a-folder")
    with pytest.raises(ModelNotFoundError, match="XP902"):
        annotate(nlp, docs, progress=False)


def test_the_error_handler_of_the_pipeline_is_put_back(nlp, docs):
    before = nlp.default_error_handler
    annotate(nlp, docs, progress=False)
    assert nlp.default_error_handler is before
    docs[0]._.xproj["en"] = docs[0]._.xproj["en"].replace(row=None)
    with pytest.raises(ValueError, match="XP408"):
        list(nlp.pipe(docs))


def test_what_is_not_usable_and_what_was_left_out_is_counted(nlp, docs):
    docs[0]._.xproj["en"] = docs[0]._.xproj["en"].replace(ignored={"DATE": 2, "ORG": 1})
    docs[1]._.xproj["en"] = docs[1]._.xproj["en"].replace(ignored={"DATE": 1})
    empty = SourceView("en", status=ViewStatus.NO_TRANSLATION, reason="none").with_entities([])
    docs[2]._.xproj["en"] = empty
    result = annotate(nlp, docs, progress=False)
    assert result.view_statuses() == {"no_translation": 1}
    assert result.ignored() == {"DATE": 3, "ORG": 1}


def test_no_documents(nlp):
    assert annotate(nlp, [], progress=False).docs == []


def test_fit_trains_what_learns_from_parallel_text(nlp, docs):
    fit(nlp, docs)  # links from a file learn nothing, and that is fine
    seen = []

    class Learner:
        def train(self, views, targets):
            seen.append(([v.words for v in views], [t.words for t in targets]))

    nlp.get_pipe("xproj_aligner").backend = Learner()
    fit(nlp, docs[1:])
    assert seen == [
        (
            [("Kijani", "Bank", "opened"), ("It", "rained")],
            [("Benki", "ya", "Kijani", "ilifunguliwa"), ("Mvua", "ilinyesha")],
        )
    ]
