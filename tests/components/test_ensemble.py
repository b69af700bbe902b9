"""``xproj_ensemble`` in a pipeline: what it sets, keeps, learns and saves."""

import pickle

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.data.views import Entity, Projection, SourceView
from spacy_xproj.errors import XProjError

TEXT = "Umoja wa Afrika umetuma Asha Mushi Nairobi leo"


def view(lang, *spans, status=ViewStatus.OK):
    """A view whose entities were projected onto these spans (start, end, label, score)."""
    offsets = spacy.blank("sw")(TEXT)
    found = tuple(
        Projection(i, label, Status.PROJECTED, a, b, offsets[a].idx, offsets[a:b].end_char, score)
        for i, (a, b, label, score) in enumerate(spans)
    )
    words = tuple(f"w{i}" for i in range(len(spans)))
    return SourceView(
        lang,
        words,
        (True,) * len(words),
        status=status,
        reason="" if status is ViewStatus.OK else "not in the bitext",
        entities=tuple(Entity(i, i + 1, p.label, 0, 1) for i, p in enumerate(found)),
        projections=found,
    )


VIEWS = [
    view("en", (0, 3, "ORG", 0.9), (4, 6, "PER", 0.9), (7, 8, "LOC", 0.3)),
    view("de", (0, 3, "ORG", 0.8), (4, 5, "PER", 0.7)),
    view("es", (0, 1, "ORG", 0.6), (4, 6, "PER", 0.8)),
    view("fr", status=ViewStatus.NO_TRANSLATION),
]
VOTE = {"@xproj_ensembles": "spacy-xproj.SpanVote.v1", "min_support": 0.0}


@pytest.fixture
def make_doc():
    def make(nlp, views=VIEWS):
        doc = nlp.make_doc(TEXT)
        for one in views:
            doc._.xproj[one.lang] = one
        return doc

    return make


@pytest.fixture
def nlp():
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_ensemble", config={"ensemble": VOTE})
    return nlp


def test_entities_and_their_support(nlp, make_doc, found):
    doc = nlp(make_doc(nlp))
    assert found(doc) == [("Umoja wa Afrika", "ORG"), ("Asha Mushi", "PER"), ("leo", "LOC")]
    assert [s.text for s in doc.spans["xproj_ensemble"]] == [e.text for e in doc.ents]
    result = doc._.xproj_ensemble
    assert [(TEXT[e.start_char : e.end_char], e.support) for e in result.entities] == [
        ("Umoja wa Afrika", (("de", 0.8), ("en", 0.9))),
        ("Asha Mushi", (("en", 0.9), ("es", 0.8))),
        ("leo", (("en", 0.3),)),
    ]
    assert [e.score for e in result.entities] == pytest.approx([2 / 3, 2 / 3, 1.0], abs=1e-6)
    assert result.langs == ["de", "en", "es"]
    assert result.method["ensemble"] == "span_vote"


def test_what_is_outvoted_has_a_status(nlp, make_doc):
    doc = nlp(make_doc(nlp))
    result = doc._.xproj_ensemble
    assert [(o.start, o.end, o.support, o.status) for o in result.outvoted] == [
        (0, 1, (("es", 0.6),), Status.BELOW_THRESHOLD),
        (4, 5, (("de", 0.7),), Status.BELOW_THRESHOLD),
    ]
    assert all(o.reason for o in result.outvoted)
    assert result.absent == {"fr": "no_translation: not in the bitext"}
    proposed = sum(len(v.projections) for v in VIEWS)
    assert proposed == sum(len(o.support) for o in [*result.entities, *result.outvoted])
    # The views keep their own statuses.
    assert doc._.xproj.statuses() == {"projected": 7}


def test_overlap_is_named(make_doc):
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_ensemble", config={"ensemble": {**VOTE, "threshold": 0.1}})
    statuses = {o.status for o in nlp(make_doc(nlp))._.xproj_ensemble.outvoted}
    assert statuses == {Status.OVERLAP}


def test_report(nlp, make_doc):
    doc = nlp(make_doc(nlp))
    assert doc._.xproj_ensemble.report().splitlines() == [
        "ensemble of de, en, es",
        "  fr has no say: no_translation: not in the bitext",
        "  ORG   'Umoja'  0.33  [es 0.60]  below_threshold "
        "(its share of the votes (0.333), or of all views, is too low)",
        "  ORG   'Umoja wa Afrika'  0.67  [de 0.80, en 0.90]  entity",
        "  PER   'Asha'  0.33  [de 0.70]  below_threshold "
        "(its share of the votes (0.333), or of all views, is too low)",
        "  PER   'Asha Mushi'  0.67  [en 0.90, es 0.80]  entity",
        "  LOC   'leo'  1.00  [en 0.30]  entity",
    ]
    assert "add the component" in nlp.make_doc("leo")._.xproj_ensemble.report()


def test_the_default_is_joint_matching(make_doc):
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_ensemble")
    result = nlp(make_doc(nlp))._.xproj_ensemble
    assert result.method["ensemble"] == "joint_matching"
    assert [e.label for e in result.entities] == ["ORG", "PER"]
    (lonely,) = [o for o in result.outvoted if o.label == "LOC"]
    assert "mean score" in lonely.reason


def test_source_langs(make_doc, found):
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_ensemble", config={"source_langs": ["de", "it"], "ensemble": VOTE})
    doc = nlp(make_doc(nlp))
    assert found(doc) == [("Umoja wa Afrika", "ORG"), ("Asha", "PER")]
    assert doc._.xproj_ensemble.absent == {"it": "no view"}
    with pytest.raises(XProjError, match="XP570"):
        nlp.add_pipe("xproj_ensemble", name="x", config={"source_langs": ["de", "de"]})


def test_documents_without_views(nlp, make_doc):
    docs = list(nlp.pipe([nlp.make_doc(""), make_doc(nlp), nlp.make_doc("leo")]))
    assert [len(doc.ents) for doc in docs] == [0, 3, 0]
    assert docs[0]._.xproj_ensemble.langs == []


def test_views_must_be_projected(nlp):
    doc = nlp.make_doc(TEXT)
    doc._.xproj["en"] = SourceView("en", ("a",), (False,))
    with pytest.raises(XProjError, match=r"XP106.*xproj_projector.*before='xproj_ensemble'"):
        nlp(doc)


def test_a_bad_document_fails_alone(nlp, make_doc):
    bad = nlp.make_doc(TEXT)
    bad._.xproj["en"] = SourceView("en", ("a",), (False,))
    failed = []
    nlp.set_error_handler(lambda name, proc, docs, error: failed.extend(docs))
    docs = list(nlp.pipe([make_doc(nlp), bad, make_doc(nlp)]))
    assert (len(docs), failed) == (2, [bad])


def test_one_by_one_in_batches_and_in_workers(nlp, make_doc):
    alone = [nlp(make_doc(nlp, VIEWS[i:])) for i in range(4)]
    wanted = [doc.user_data["xproj_ensemble"] for doc in alone]

    def plain(docs):
        return [doc._.xproj_ensemble.report() for doc in docs], [len(doc.ents) for doc in docs]

    docs = [make_doc(nlp, VIEWS[i:]) for i in range(4)]
    assert [d.user_data["xproj_ensemble"] for d in nlp.pipe(docs)] == wanted
    docs = [make_doc(nlp, VIEWS[i:]) for i in range(4)]
    assert plain(list(nlp.pipe(docs, n_process=2, batch_size=2))) == plain(alone)
    again = pickle.loads(pickle.dumps(nlp))
    assert plain([again(make_doc(again, VIEWS[i:])) for i in range(4)]) == plain(alone)


def test_documents_keep_it_in_bytes_and_docbin(nlp, make_doc):
    doc = nlp(make_doc(nlp))
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (read,) = DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("sw").vocab)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    for other in (read, again):
        assert other._.xproj_ensemble.entities == doc._.xproj_ensemble.entities
        assert other._.xproj_ensemble.outvoted == doc._.xproj_ensemble.outvoted
        assert other._.xproj_ensemble.report() == doc._.xproj_ensemble.report()
        assert [s.text for s in other.spans["xproj_ensemble"]] == [e.text for e in doc.ents]


class TestLearning:
    @pytest.fixture
    def nlp(self):
        nlp = spacy.blank("sw")
        learnt = {"@xproj_ensembles": "spacy-xproj.JointMatching.v1", "weights": "learnt"}
        nlp.add_pipe("xproj_ensemble", config={"ensemble": learnt})
        return nlp

    def test_before_use(self, nlp, make_doc):
        with pytest.raises(XProjError, match=r"XP575.*fit\(docs\)"):
            nlp(make_doc(nlp))

    def test_by_fit_and_by_initialize_the_same(self, nlp, make_doc, tmp_path):
        docs = [make_doc(nlp) for _ in range(5)]
        nlp.get_pipe("xproj_ensemble").fit(docs)
        learnt = nlp(make_doc(nlp))._.xproj_ensemble.method["learnt"]
        assert learnt["weights"][""]["en"] > learnt["weights"][""]["de"]
        other = spacy.blank("sw").from_config(nlp.config)
        other.initialize(lambda: [Example(nlp.make_doc(TEXT), doc) for doc in docs])
        assert other(make_doc(other))._.xproj_ensemble.method["learnt"] == learnt

    def test_it_is_saved(self, nlp, make_doc, tmp_path):
        nlp.get_pipe("xproj_ensemble").fit([make_doc(nlp)])
        wanted = nlp(make_doc(nlp)).user_data["xproj_ensemble"]
        nlp.to_disk(tmp_path / "saved")
        again = spacy.load(tmp_path / "saved")
        assert again(make_doc(again)).user_data["xproj_ensemble"] == wanted
        other = spacy.blank("sw").from_config(nlp.config).from_bytes(nlp.to_bytes())
        assert other(make_doc(other)).user_data["xproj_ensemble"] == wanted

    def test_without_projected_views_it_stays_as_it_is(self, nlp):
        doc = nlp.make_doc(TEXT)
        doc._.xproj["en"] = SourceView("en", ("a",), (False,))
        nlp.get_pipe("xproj_ensemble").fit([doc, nlp.make_doc(TEXT)])
        assert nlp.get_pipe("xproj_ensemble").backend.learnt is None

    def test_with_a_language_that_was_not_there_then(self, nlp, make_doc):
        nlp.get_pipe("xproj_ensemble").fit([make_doc(nlp, VIEWS[:2])])
        with pytest.raises(XProjError, match=r"XP576.*'es'.*'de', 'en'"):
            nlp(make_doc(nlp))


def test_analyze_pipes(nlp):
    assert nlp.analyze_pipes()["problems"]["xproj_ensemble"] == ["doc._.xproj_projections"]
    nlp.add_pipe("xproj_projector", before="xproj_ensemble")
    assert nlp.analyze_pipes()["problems"]["xproj_ensemble"] == []


def test_scores(nlp, make_doc):
    gold = nlp(make_doc(nlp))
    gold.set_ents(gold.ents[:2])
    scores = nlp.evaluate([Example(make_doc(nlp), gold)])
    assert (scores["ents_p"], scores["ents_r"]) == (pytest.approx(2 / 3), 1.0)
    pipe = nlp.get_pipe("xproj_ensemble")
    pipe.scorer = None
    assert pipe.score([Example(gold, gold)]) == {}


def test_given_weights_come_from_the_config(make_doc, found):
    nlp = spacy.blank("sw")
    weights = {"en": 0.1, "de": 1, "es": 0.1}
    nlp.add_pipe("xproj_ensemble", config={"ensemble": {**VOTE, "weights": weights}})
    assert ("Asha", "PER") in found(nlp(make_doc(nlp)))
