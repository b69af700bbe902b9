"""Marker projection: labelled text is translated, and its entities found by their marks."""

import pytest

from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.translation import Translation
from spacy_xproj.translation.markers import translate_marked
from spacy_xproj.translation.seq2seq import Seq2Seq


class Fake:
    """Translates by a table; what is not in it comes back as it is."""

    def __init__(self, table):
        self.table = table
        self.calls = []

    def translate(self, texts, *, source_lang, target_lang):
        self.calls.append((list(texts), source_lang, target_lang))
        found = [self.table.get(text, text) for text in texts]
        return [
            Translation(text, ViewStatus.OK if text else ViewStatus.EMPTY_TRANSLATION)
            for text in found
        ]

    def describe(self):
        return {"kind": "fake"}


def view(text, *entities):
    words = tuple(text.split())
    made = SourceView("en", words, (True,) * (len(words) - 1) + (False,))
    return made.with_entities(entities)


def translate(table, *views, threshold=0.5):
    return translate_marked(
        views, translator=Fake(table), source_lang="en", target_lang="sw", threshold=threshold
    )


ASHA = view("Asha left the World Bank .", (0, 1, "PER"), (3, 5, "ORG"))
MARKED = "[Asha] left the [World Bank] ."


def found(marked):
    text = marked.translation.text
    return [
        (p.status, None if p.start_char is None else text[p.start_char : p.end_char])
        for p in marked.projections
    ]


def test_marked_pieces_become_the_entities_whatever_their_order():
    table = {MARKED: "[Benki ya Dunia] aliiacha [Asha].", "World Bank": "Benki ya Dunia"}
    (done,) = translate(table, ASHA)
    assert done.translation == Translation("Benki ya Dunia aliiacha Asha.", ViewStatus.OK)
    assert found(done) == [(Status.PROJECTED, "Asha"), (Status.PROJECTED, "Benki ya Dunia")]
    assert [p.label for p in done.projections] == ["PER", "ORG"]
    assert [p.score for p in done.projections] == [1.0, 1.0]


def test_sentences_and_entities_are_translated_in_one_call_without_repeats():
    fake = Fake({})
    views = [ASHA, ASHA, view("Asha ran", (0, 1, "PER")), view("it rained")]
    done = translate_marked(views, translator=fake, source_lang="en", target_lang="sw")
    wanted = [MARKED, "[Asha] ran", "it rained", "Asha", "World Bank"]
    assert fake.calls == [(wanted, "en", "sw")]
    assert [len(one.projections) for one in done] == [2, 2, 1, 0]
    assert done[3].translation.text == "it rained"


def test_a_lost_marker_is_a_status_with_its_reason():
    (done,) = translate({MARKED: "[Asha] aliiacha Benki ya Dunia."}, ASHA)
    assert done.translation.text == "Asha aliiacha Benki ya Dunia."
    assert found(done) == [(Status.PROJECTED, "Asha"), (Status.NO_CANDIDATE, None)]
    assert done.projections[1].reason == "marker lost: 1 of 2 marked pieces came back"


def test_a_piece_that_is_not_like_the_entity_is_not_labelled():
    table = {MARKED: "[Asha] aliiacha [Umoja wa Mataifa].", "World Bank": "Benki ya Dunia"}
    (done,) = translate(table, ASHA)
    assert done.projections[1].status is Status.BELOW_THRESHOLD
    assert "'Benki ya Dunia' is most like the marked 'Umoja wa Mataifa'" in (
        done.projections[1].reason
    )
    assert found(translate(table, ASHA, threshold=0.1)[0])[1] == (
        Status.PROJECTED,
        "Umoja wa Mataifa",
    )


def test_nested_marks_label_one_of_the_two():
    table = {MARKED: "[[Asha] Benki ya Dunia]", "World Bank": "Asha Benki ya Dunia"}
    (done,) = translate(table, ASHA)
    assert found(done) == [(Status.PROJECTED, "Asha"), (Status.OVERLAP, None)]


@pytest.mark.parametrize(
    ("translated", "reason"),
    [("", "has no translation"), ("[]", "nothing but marks came back")],
)
def test_no_translation(translated, reason):
    (done,) = translate({MARKED: translated}, ASHA)
    assert done.translation.text == ""
    assert done.translation.status is ViewStatus.EMPTY_TRANSLATION
    assert [p.status for p in done.projections] == [Status.NO_CANDIDATE] * 2
    assert reason in done.projections[0].reason


def test_an_entity_without_a_translation_of_its_own():
    (done,) = translate({"World Bank": ""}, ASHA)
    assert found(done) == [(Status.PROJECTED, "Asha"), (Status.NO_CANDIDATE, None)]
    assert "on its own" in done.projections[1].reason


def test_a_sentence_with_brackets_keeps_them():
    (done,) = translate({}, view("Asha [sic] left", (0, 1, "PER")))
    assert done.translation.text == "Asha [sic] left"
    assert found(done) == [(Status.PROJECTED, "Asha")]
    (done,) = translate({}, view("Asha [ { <", (0, 1, "PER")))
    assert done.translation.text == "Asha [ { <"
    assert found(done) == [(Status.NO_CANDIDATE, None)]
    assert "marks itself" in done.projections[0].reason


@pytest.mark.parametrize("threshold", [-0.1, 1.0, float("nan")])
def test_a_threshold_that_no_ratio_can_pass(threshold):
    with pytest.raises(XProjError, match="XP230"):
        translate({}, ASHA, threshold=threshold)


def test_a_real_model(nllb):
    """It has never seen a bracket; whatever it makes of them, every entity has its status."""
    sentence = view("Asha lives in Nairobi.", (0, 1, "PER"), (3, 4, "LOC"))
    plain = view("It rained yesterday.")
    first, second = translate_marked(
        [sentence, plain],
        translator=Seq2Seq(model=nllb, device="cpu"),
        source_lang="en",
        target_lang="sw",
    )
    assert second.translation == Translation("Mvua ilinyesha jana.", ViewStatus.OK)
    assert [p.entity for p in first.projections] == [0, 1]
    assert all(p.status is Status.PROJECTED or p.reason for p in first.projections)
    assert not set("[]") & set(first.translation.text)
