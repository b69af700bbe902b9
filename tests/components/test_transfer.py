"""``xproj_transfer``: a tagger applied to the target words, for comparison."""

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

TEXTS = ["Asha met Baraka in Dodoma.", "The bank closed on Monday.", ""]


def with_spacy(teacher, **settings):
    nlp = spacy.blank("sw")
    block = {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": teacher}
    nlp.add_pipe("xproj_transfer", config={"tagger": block, **settings})
    return nlp


@pytest.fixture
def nlp(teacher):
    return with_spacy(teacher)


def test_entities_are_set_with_labels_renamed(nlp, found):
    docs = list(nlp.pipe(TEXTS))
    assert [found(doc) for doc in docs] == [
        [("Asha", "PER"), ("Baraka", "PER"), ("Dodoma", "LOC")],
        [("Monday", "DATE")],
        [],
    ]
    assert len(docs[0]._.xproj) == 0  # no source view is made


def test_ignored_labels_are_counted(teacher, found):
    nlp = with_spacy(teacher, ignore_labels=["DATE"])
    doc = nlp(TEXTS[1])
    assert found(doc) == []
    assert doc.user_data["xproj_transfer"]["ignored"] == {"DATE": 1}
    assert doc.user_data["xproj_transfer"]["tagger"]["tagger"] == "spacy"


def test_a_token_classification_model(tiny_ner, found, one_thread):
    nlp = spacy.blank("sw")
    block = {
        "@xproj_taggers": "spacy-xproj.HFTagger.v1",
        "model": str(tiny_ner),
        "device": "cpu",
    }
    nlp.add_pipe("xproj_transfer", config={"tagger": block})
    doc = nlp("Kijani Bank opened in Dodoma .")
    assert found(doc) == [("Kijani Bank", "ORG"), ("Dodoma", "LOC")]


def test_the_words_are_those_of_the_document(nlp, found):
    doc = nlp.get_pipe("xproj_transfer")(Doc(nlp.vocab, words=["Asha.", "Dodoma"]))
    assert found(doc) == [("Dodoma", "LOC")]


def test_earlier_entities_are_replaced(nlp, found):
    doc = nlp.make_doc("Asha left")
    doc.set_ents([doc[1:2]])
    assert found(nlp.get_pipe("xproj_transfer")(doc)) == [("Asha", "PER")]


def test_one_that_fails_goes_alone_to_the_error_handler_and_is_left_as_it_was(nlp, found):
    backend = nlp.get_pipe("xproj_transfer").backend
    works = backend.tag

    def tag(views):
        if any("bank" in view.text for view in views):
            raise RuntimeError("no banks")
        return works(views)

    backend.tag = tag
    caught = []
    nlp.set_error_handler(lambda name, proc, docs, error: caught.append((name, docs, str(error))))
    assert [len(doc.ents) for doc in nlp.pipe(TEXTS)] == [3, 0]
    ((name, (doc,), message),) = caught
    assert (name, doc.text, message) == ("xproj_transfer", TEXTS[1], "no banks")
    assert "xproj_transfer" not in doc.user_data


def test_saved_loaded_and_in_workers(nlp, found, tmp_path):
    wanted = [found(doc) for doc in nlp.pipe(TEXTS)]
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert [found(doc) for doc in again.pipe(TEXTS)] == wanted
    docs = list(again.pipe(TEXTS, n_process=2, batch_size=1))
    assert [found(doc) for doc in docs] == wanted
    data = DocBin(docs=docs, store_user_data=True).to_bytes()
    read = list(DocBin(store_user_data=True).from_bytes(data).get_docs(nlp.vocab))
    assert read[0].user_data["xproj_transfer"]["ignored"] == {}


def test_it_is_scored_as_ner_is(nlp):
    gold = nlp.make_doc("Asha left Dodoma")
    gold.set_ents([spacy.tokens.Span(gold, 0, 1, label="PER")])
    scores = nlp.evaluate([Example(nlp.make_doc(gold.text), gold)])
    assert (scores["ents_p"], scores["ents_r"]) == (0.5, 1.0)


def test_what_it_assigns_is_known_and_it_needs_nothing():
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_transfer")
    analysis = nlp.analyze_pipes()
    assert "doc.ents" in analysis["summary"]["xproj_transfer"]["assigns"]
    assert analysis["problems"]["xproj_transfer"] == []
