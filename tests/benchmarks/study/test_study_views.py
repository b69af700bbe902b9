"""Views are made once, kept, and gone on with."""

import pytest
from spacy.tokens import DocBin

from benchmarks.study import views
from benchmarks.study.views import make_views
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.docbin import read_docbin


def read(path, lang):
    return list(read_docbin(path, lang=lang))


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*.*"))}


def test_each_target_has_a_view_of_each_other_source(plan, teacher, nlp):
    make_views(plan, tagger=teacher, nlp=nlp, ignore_labels=["MISC"])
    docs = read(plan.views_path("sw"), "sw")
    assert [doc.user_data["id"] for doc in docs] == [f"u{i}" for i in range(30)]
    for doc in docs:
        assert list(doc._.xproj) == ["en", "de", "es", "fr"]
        assert all(view.projections is not None for view in doc._.xproj.values())
    view = docs[4]._.xproj["en"]
    assert [(p.start, p.end, p.label) for p in view.projections] == [(2, 3, "LOC")]
    assert len(docs[4].spans["xquad_ner"]) == 1


def test_each_sentence_is_tagged_once_and_all_targets_are_aligned_together(plan, teacher, nlp):
    make_views(plan, tagger=teacher, nlp=nlp)
    assert teacher.tagged == 30 * 6  # the sources, and the targets for model transfer
    assert nlp.get_pipe("xproj_aligner").backend.calls == 1


def test_a_second_run_makes_nothing(plan_made, teacher, nlp):
    before = contents(plan_made.output)
    make_views(plan_made, tagger=teacher, nlp=nlp, ignore_labels=["MISC"])
    assert (teacher.tagged, nlp.get_pipe("xproj_aligner").backend.calls) == (0, 0)
    assert contents(plan_made.output) == before
    assert not (plan_made.output / "shards").exists()


def test_a_run_that_was_stopped_goes_on(plan, teacher, nlp, monkeypatch, made):
    monkeypatch.setattr(views, "UNITS", 8)
    aligner = nlp.get_pipe("xproj_aligner").backend
    align, calls = aligner.align, []

    def stop(*args):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return align(*args)

    monkeypatch.setattr(aligner, "align", stop)
    with pytest.raises(KeyboardInterrupt):
        make_views(plan, tagger=teacher, nlp=nlp, ignore_labels=["MISC"])
    make_views(plan, tagger=teacher, nlp=nlp, ignore_labels=["MISC"])
    assert len(calls) == 4 + 1  # of four parts three were kept
    assert contents(plan.output) == contents(made)


def test_only_the_units_that_are_scored(plan, teacher, nlp):
    make_views(plan._replace(scored=True), tagger=teacher, nlp=nlp)
    docs = read(plan.views_path("hi"), "hi")
    assert [int(doc.user_data["id"][1:]) % 3 for doc in docs] == [1, 2] * 10


def test_a_limit_is_spread_over_the_corpus(plan, teacher, nlp):
    make_views(plan._replace(limit=15), tagger=teacher, nlp=nlp)
    docs = read(plan.views_path("hi"), "hi")
    assert [doc.user_data["id"] for doc in docs] == [f"u{i}" for i in range(0, 30, 2)]


def test_other_settings_need_another_folder(plan_made, teacher, nlp):
    with pytest.raises(XProjError, match=r"(?s)XP751.*limit: None -> 5"):
        make_views(plan_made._replace(limit=5), tagger=teacher, nlp=nlp, ignore_labels=["MISC"])


def test_a_corpus_that_is_not_there_or_not_parallel(plan, teacher, nlp, corpus, tmp_path):
    with pytest.raises(XProjError, match=r"XP750.*it\.spacy.*xquad-ner"):
        make_views(plan._replace(sources=("en", "it")), tagger=teacher, nlp=nlp)
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in corpus.glob("*.spacy"):
        (broken / path.name).write_bytes(path.read_bytes())
    docs = read(broken / "de.spacy", "de")
    DocBin(docs=docs[1:], store_user_data=True).to_disk(broken / "de.spacy")
    with pytest.raises(XProjError, match=r"XP753.*units of de are not those of en"):
        make_views(plan._replace(corpus=broken), tagger=teacher, nlp=nlp)


def test_a_unit_that_fails_stops_the_study(plan, teacher, nlp, monkeypatch):
    def fail(views, targets):
        raise RuntimeError("no links today")

    monkeypatch.setattr(nlp.get_pipe("xproj_aligner").backend, "align", fail)
    with pytest.raises(XProjError, match=r"XP752.*60 units.*u0, in xproj_aligner: no links today"):
        make_views(plan, tagger=teacher, nlp=nlp)
    assert not plan.views_path("sw").exists()
